import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { run } from '../../cli/run.js'

/** What a command line gave. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The one document on stdout. */
  json(): unknown
}

export interface CommandLineOptions {
  readonly stdin?: string
  readonly signal?: AbortSignal
}

/** Runs a command line in this process. */
export async function commandLine(args: readonly string[], options: CommandLineOptions = {}): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const collected = Promise.all([text(stdout), text(stderr)])
  const code = await run(args, {
    stdin: Readable.from([options.stdin ?? '']),
    stdout,
    stderr,
    signal: options.signal ?? new AbortController().signal,
  })
  stdout.end()
  stderr.end()
  const [out, err] = await collected
  return { code, stdout: out, stderr: err, json: () => JSON.parse(out) }
}
