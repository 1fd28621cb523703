import { type ErrorCode, type ErrorKind, isDeltaError } from '../src/index.js'

export const EXIT_OK = 0
const EXIT_INTERNAL = 1
export const EXIT_USAGE = 2
const EXIT_NOT_FOUND = 4
/** What shells give a process that SIGINT ended. */
const EXIT_INTERRUPTED = 130

const BY_KIND: { readonly [Kind in ErrorKind]: number } = {
  internal: EXIT_INTERNAL,
  invalid: 3,
  conflict: 5,
  unsupported: 6,
  data: 7,
  unavailable: 8,
}

const NOT_FOUND: readonly ErrorCode[] = ['TableNotFound', 'VersionNotFound', 'ObjectNotFound']

/** The exit code for what was thrown: docs/guide/command-line.md lists them. */
export function exitCodeOf(error: unknown): number {
  if (!isDeltaError(error)) return EXIT_INTERNAL
  if (NOT_FOUND.includes(error.code)) return EXIT_NOT_FOUND
  return error.code === 'Aborted' ? EXIT_INTERRUPTED : BY_KIND[error.kind]
}
