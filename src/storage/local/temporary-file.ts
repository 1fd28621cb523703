import { randomUUID } from 'node:crypto'

/**
 * The name of a new temporary file: hidden, so that other readers of a table pass over it, and known to
 * {@link isTemporaryName}, so that listings leave it out.
 */
export function temporaryName(): string {
  return `.lakewright-${randomUUID()}.tmp`
}

/** True for the name of a file that is being written, or that a killed process left behind. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith('.lakewright-') && name.endsWith('.tmp')
}
