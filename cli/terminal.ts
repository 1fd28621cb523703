import type { Readable, Writable } from 'node:stream'

/** The streams that a command talks through, and the signal that ends it. */
export interface Terminal {
  readonly stdin: Readable
  readonly stdout: Writable & { readonly columns?: number; readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly columns?: number; readonly isTTY?: boolean }
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal
}
