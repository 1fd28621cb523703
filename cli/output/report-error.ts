import { DeltaError } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { jsonText } from './json-text.js'

/**
 * Tells what went wrong: on stderr in a line or two, or as the one JSON document on stdout. The stack only with `--debug`.
 */
export async function reportError(
  error: unknown,
  context: CommandContext,
  { json, debug }: { readonly json: boolean; readonly debug: boolean },
): Promise<void> {
  const known =
    error instanceof DeltaError
      ? error
      : new DeltaError('Internal', error instanceof Error ? error.message : String(error), { cause: error })
  // A document that was begun cannot become another one.
  if (json && !context.hasOutput()) await context.print(`${jsonText({ error: known.toJSON() }, 2)}\n`)
  else context.note(`error: ${known.message} [${known.code}]`)
  if (debug && error instanceof Error) context.note(stackOf(error))
}

function stackOf(error: Error): string {
  const stack = error.stack ?? error.message
  return error.cause instanceof Error ? `${stack}\ncaused by: ${stackOf(error.cause)}` : stack
}
