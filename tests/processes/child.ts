import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Job, Report } from './job.js'

/** A child process at its job. */
export class Child {
  /** What it told, in order. */
  readonly reports: Report[] = []
  /** The exit status; null where it was killed. */
  readonly ended: Promise<number | null>
  #errors = ''
  readonly #process: ChildProcess
  #onReport: (() => void) | undefined

  constructor(program: string, job: Job) {
    this.#process = spawn(process.execPath, [program, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'pipe'] })
    const lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })
    lines.on('line', (line) => {
      this.reports.push(JSON.parse(line) as Report)
      this.#onReport?.()
    })
    this.#process.stderr?.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-4000)
    })
    // When it has exited there may still be lines on their way.
    const read = new Promise((resolve) => lines.once('close', resolve))
    const exited = new Promise<number | null>((resolve) => this.#process.once('exit', resolve))
    this.ended = Promise.all([exited, read]).then(([status]) => status)
  }

  /** What it wrote on stderr. */
  get errors(): string {
    return this.#errors
  }

  /** Resolves when it has told so much, or has ended. */
  async toldOf(reports: number): Promise<void> {
    const told = new Promise<void>((resolve) => {
      this.#onReport = () => {
        if (this.reports.length >= reports) resolve()
      }
      this.#onReport()
    })
    await Promise.race([told, this.ended])
  }

  /** Ends it as a power cut would: without a chance to tidy up. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }
}
