import type { ObservedEvent, Observer } from '../src/index.js'
import type { Terminal } from './terminal.js'

/** What a command gets beside its options. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** Shows progress and warnings on stderr. */
  readonly observer: Observer
  /** Whether anything has been written to stdout. */
  readonly hasOutput: () => boolean
  /** Writes to stdout, and waits where its reader is slow. */
  print(data: string | Uint8Array): Promise<void>
  /** Writes a line to stderr, for people. */
  note(text: string): void
}

/** The width of a progress line. */
const BAR = 30

export function commandContext(terminal: Terminal): CommandContext {
  const { stdout, stderr, signal } = terminal
  let printed = false
  let barShown = false
  const clearBar = (): void => {
    if (barShown) stderr.write('\r\x1b[K')
    barShown = false
  }
  return {
    terminal,
    signal,
    hasOutput: () => printed,
    async print(data) {
      clearBar()
      printed = true
      if (!stdout.write(data)) await new Promise((resolve) => stdout.once('drain', resolve))
    },
    note(text) {
      clearBar()
      stderr.write(`${text}\n`)
    },
    observer: {
      on(event) {
        if (event.type === 'warning') {
          clearBar()
          stderr.write(`warning: ${event.message}\n`)
        } else if (event.type === 'progress' && stderr.isTTY) {
          barShown = true
          stderr.write(`\r\x1b[K${progressLine(event)}`)
        }
      },
    },
  }
}

function progressLine({ operation, fraction, rows, files }: Extract<ObservedEvent, { type: 'progress' }>): string {
  if (fraction !== undefined) {
    const done = Math.round(Math.min(Math.max(fraction, 0), 1) * BAR)
    return `${operation} [${'#'.repeat(done)}${' '.repeat(BAR - done)}] ${Math.round(fraction * 100)}%`
  }
  const counts = [rows === undefined ? '' : `${rows} rows`, files === undefined ? '' : `${files} files`]
  return `${operation} ${counts.filter((text) => text !== '').join(', ')}`
}
