#!/usr/bin/env node
import { run } from './run.js'

// Said on every run otherwise: which Node is supported is for package.json to say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

// A reader that has seen enough, as in `| head`, is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

const interrupted = new AbortController()
process.once('SIGINT', () => {
  // A second one ends the process at once.
  interrupted.abort(new Error('interrupted'))
})

const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupted.signal,
})
// Idle connections would keep the process alive for seconds; what was written to a pipe must get there first.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))))
process.exit(code)
