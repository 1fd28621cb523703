import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import type { Measured } from './benchmark.js'

/** The answer to one run. */
export interface RunReport extends Measured {
  readonly ms: number
  /** Peak resident memory of the process so far, in MiB. */
  readonly rssMb: number
}

/** A child process that does one side of a benchmark: one JSON line in a run, one out. */
export class SideProcess {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface
  #errors = ''

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#reader = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })
    this.#lines = this.#reader[Symbol.asyncIterator]()
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-4000)
    })
  }

  async run(run: number): Promise<RunReport> {
    this.#child.stdin?.write(`${JSON.stringify({ run })}\n`)
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done === true) throw new Error(`The process ended before it answered.\n${this.#errors}`)
      if (!value.startsWith('{"report":')) continue
      return (JSON.parse(value) as { report: RunReport }).report
    }
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    if (this.#child.exitCode !== null) return
    this.#child.stdin?.end()
    await ended
    this.#reader.close()
  }
}
