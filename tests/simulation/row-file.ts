import type { AddFile } from '../../src/protocol/actions/action.js'
import type { ObjectStore } from '../../src/storage/object-store.js'

/** A row of the simulated table: `n` counts how often it was updated, so that a lost update shows. */
export interface SimulatedRow {
  readonly id: number
  readonly n: number
}

/** A stand-in for a Parquet file: the commit protocol never looks inside one. */
export async function writeRowFile(
  store: ObjectStore,
  facts: { readonly path: string; readonly partition: string; readonly now: number; readonly dataChange: boolean },
  rows: readonly SimulatedRow[],
): Promise<AddFile> {
  const body = new TextEncoder().encode(JSON.stringify(rows))
  await store.put(decodeURIComponent(facts.path), body, { mode: 'create' })
  const ids = rows.map((row) => row.id)
  return {
    type: 'add',
    path: facts.path,
    partitionValues: { p: facts.partition },
    size: body.byteLength,
    modificationTime: facts.now,
    dataChange: facts.dataChange,
    stats: JSON.stringify({
      numRecords: rows.length,
      minValues: { id: Math.min(...ids) },
      maxValues: { id: Math.max(...ids) },
      nullCount: { id: 0 },
    }),
  }
}

export async function readRowFile(store: ObjectStore, path: string): Promise<SimulatedRow[]> {
  return JSON.parse(new TextDecoder().decode(await store.get(decodeURIComponent(path)))) as SimulatedRow[]
}
