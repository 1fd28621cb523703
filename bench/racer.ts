// One of the processes of a race: node racer.js URL APPENDS. Opens the table, says so, and appends one row at a time when it is told to.
import { createInterface } from 'node:readline'
import { DeltaTable, long, struct } from '../src/index.js'

const [url, appends] = process.argv.slice(2) as [string, string]
// What appends and checkpoints need is loaded, and compiled, when it is first used; the other side has all of it at once.
const small = await DeltaTable.create('memory://small', { schema: struct({ id: long() }) })
for (let i = 0; i < 40; i++) await small.append([{ id: 1n }])
const table = await DeltaTable.open<{ id: bigint }>(url)
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  for (let i = 0; i < Number(appends); i++) await table.append([{ id: BigInt(i) }])
  console.log('done')
  break
}
process.exit(0)
