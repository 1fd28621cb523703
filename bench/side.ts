// A child of the harness: node side.js ROW ours|theirs ARGS WORK_FOLDER. Reads {"run": N} a line, does it, answers a line.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import type { Benchmark } from './benchmark.js'

const [row, side, args, workFolder] = process.argv.slice(2) as [string, 'ours' | 'theirs', string, string]
const { benchmark } = (await import(pathToFileURL(row).href)) as { benchmark: Benchmark }
const start = side === 'ours' ? benchmark.ours : benchmark.theirs
if (start === undefined) throw new Error(`${row} has no other side in TypeScript.`)
const work = await start.call(benchmark, JSON.parse(args), workFolder)

for await (const line of createInterface({ input: process.stdin })) {
  const { run } = JSON.parse(line) as { run: number }
  await work.before?.(run)
  const begun = performance.now()
  const measured = await work.run(run)
  const ms = performance.now() - begun
  console.log(JSON.stringify({ report: { ms, rssMb: peakMemory(), ...measured } }))
}
process.exit(0)

/** In MiB. VmHWM and not maxrss: that one starts at what the parent had when it forked. */
function peakMemory(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
