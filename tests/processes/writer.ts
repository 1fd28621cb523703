import { writeSync } from 'node:fs'
import { DeltaTable, isDeltaError } from '../../src/index.js'
import { idsOfAppend, type Job, type Report } from './job.js'

/** A program of its own: opens a table and does its job to it. What it was told of each operation it tells on stdout, at once: it may be killed at any moment. */
const job = JSON.parse(process.argv[2] ?? '') as Job
const table = await DeltaTable.open<{ id: bigint; writer: number }>(job.url, { storage: job.storage })

for (let i = 0; i < job.count; i++) {
  const ids = job.verb === 'append' ? idsOfAppend(job.writer, i) : [(job.firstId ?? 0) + i]
  tell({ verb: job.verb, ids })
  try {
    const { version } = await (job.verb === 'append' ? append(ids) : remove(ids[0] as number))
    tell({ verb: job.verb, ids, outcome: 'done', version })
  } catch (error) {
    if (!isDeltaError(error) || error.kind !== 'unavailable') throw error
    // All but CommitStateUnknown promise that nothing was written.
    if (error.code !== 'CommitStateUnknown') tell({ verb: job.verb, ids, outcome: 'refused' })
  }
}

function append(ids: readonly number[]): Promise<{ readonly version: number }> {
  return table.append(ids.map((id) => ({ id: BigInt(id), writer: job.writer })))
}

/** Repeats what lost against another writer, as the error asks for. */
async function remove(id: number): Promise<{ readonly version: number }> {
  for (;;) {
    try {
      return await table.delete(`id = ${id}`)
    } catch (error) {
      if (!isDeltaError(error) || error.kind !== 'conflict') throw error
    }
  }
}

function tell(report: Report): void {
  writeSync(1, `${JSON.stringify(report)}\n`)
}
