import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A long-living process that answers one JSON line for each JSON line. Requests wait their turn. */
export class PeerProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #turn: Promise<unknown> = Promise.resolve()
  #errors = ''

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env } })
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-4000)
    })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Rejects with the peer's message where it failed, and with what it wrote to stderr where it died. */
  ask<Answer>(request: { readonly [name: string]: unknown }): Promise<Answer> {
    const answer = this.#turn.then(async () => {
      this.#child.stdin.write(`${JSON.stringify(request)}\n`)
      const parsed = JSON.parse(await this.#nextAnswer()) as Answer & { readonly error?: string }
      if (parsed.error !== undefined) throw new Error(parsed.error)
      return parsed
    })
    this.#turn = answer.catch(() => undefined)
    return answer
  }

  /** Answers are objects; other lines are what a Java machine warns of on stdout, as in `[48.123s][warning]...`. */
  async #nextAnswer(): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done === true) throw new Error(`The peer ended.\n${this.#errors}`)
      if (value.startsWith('{')) return value
      this.#errors = `${this.#errors}${value}\n`.slice(-4000)
    }
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    if (this.#child.exitCode !== null) return
    this.#child.stdin.end()
    await ended
  }
}
