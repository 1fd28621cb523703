// npm run bench [-- --peers] [--quick] [--only NAME]...: see bench/README.md.
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryRoot } from '../tests/support/repository-root.js'
import type { Benchmark } from './benchmark.js'
import { measure, type Outcome } from './measure.js'
import { reportText } from './report.js'
import { verdicts } from './verdict.js'

const { values } = parseArgs({
  options: {
    peers: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    runs: { type: 'string', default: '5' },
  },
})
const cache = join(repositoryRoot, '.cache', 'bench', values.quick ? 'quick' : 'full')
await mkdir(cache, { recursive: true })

const rows = join(import.meta.dirname, 'rows')
const known = (await readdir(rows))
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -3))
  .sort()
const names = known.filter((name) => values.only === undefined || values.only.some((part) => name.includes(part)))
if (names.length === 0) throw new Error(`No benchmark has ${values.only} in its name; there are ${known.join(', ')}.`)

const outcomes: Outcome[] = []
for (const name of names) {
  const { benchmark } = (await import(join(rows, `${name}.js`))) as { benchmark: Benchmark }
  console.error(`${name}: ${benchmark.title}`)
  const runs = values.quick ? 2 : Number(values.runs)
  outcomes.push(await measure(name, benchmark, { cache, quick: values.quick, runs, peers: values.peers }))
}
console.log(reportText(outcomes, !values.quick))

const missed = values.quick ? [] : outcomes.filter((outcome) => verdicts(outcome).some(({ met }) => met === false))
if (missed.length > 0) console.error(`missed: ${missed.map(({ name }) => name).join(', ')}`)
process.exitCode = missed.length === 0 ? 0 : 1
