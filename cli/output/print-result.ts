import type { WriteResult } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { jsonText } from './json-text.js'
import { propertiesText } from './table-text.js'

/** Prints one document: as JSON, or as the text made of it for people. */
export async function printDocument<T>(
  document: T,
  { json }: { readonly json?: boolean },
  context: CommandContext,
  text: (document: T) => string,
): Promise<void> {
  await context.print(json ? `${jsonText(document, 2)}\n` : text(document))
}

/** What a write did, in a line, and its metrics. */
export function writeResultText({ version, operation, metrics, skipped }: WriteResult): string {
  const headline = skipped
    ? `${operation}: nothing to do, the table is at version ${version}`
    : `${operation}: version ${version}`
  return `${headline}\n${propertiesText(Object.entries(metrics))}`
}
