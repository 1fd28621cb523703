import { ERROR_KINDS, type ErrorCode, type ErrorKind } from './error-code.js'

/** Facts about an error that a program can read; all of them also stand in the message. */
export interface DeltaErrorDetails {
  /** URL of the table, without credentials. */
  readonly table?: string
  /** The table version that the error is about. */
  readonly version?: number
  /** The object, relative to the table root or absolute, that the error is about. */
  readonly path?: string
  /** The column that the error is about, in dotted notation. */
  readonly column?: string
  /** Anything else, as plain JSON. */
  readonly [name: string]: unknown
}

export interface DeltaErrorOptions {
  readonly cause?: unknown
  readonly details?: DeltaErrorDetails
}

/**
 * The one error class of lakewright. The message says what happened, to what, and what to do next;
 * `code` says the same to a program and `kind` says what the caller can do about it.
 */
export class DeltaError extends Error {
  override readonly name = 'DeltaError'
  readonly code: ErrorCode
  readonly kind: ErrorKind
  readonly details: DeltaErrorDetails

  constructor(code: ErrorCode, message: string, options: DeltaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.kind = ERROR_KINDS[code]
    this.details = options.details ?? {}
  }

  /** A plain object without the stack: what the command line prints under `--json`. */
  toJSON(): {
    name: string
    kind: ErrorKind
    code: ErrorCode
    message: string
    details: DeltaErrorDetails
    cause?: string
  } {
    const cause = this.cause instanceof Error ? this.cause.message : undefined
    return {
      name: this.name,
      kind: this.kind,
      code: this.code,
      message: this.message,
      details: this.details,
      ...(cause === undefined ? {} : { cause }),
    }
  }
}

/** True for a {@link DeltaError}; with a code, true only for an error of that code. */
export function isDeltaError(error: unknown, code?: ErrorCode): error is DeltaError {
  return error instanceof DeltaError && (code === undefined || error.code === code)
}
