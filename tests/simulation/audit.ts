import { readDeletionVector } from '../../src/data-files/read-deletion-vector.js'
import type { DeletionVectorDescriptor } from '../../src/protocol/actions/action.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import type { MemoryStore } from '../../src/storage/memory-store.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import type { Ledger } from './ledger.js'
import { readRowFile } from './row-file.js'

interface RawFile {
  readonly path: string
  readonly deletionVector?: DeletionVectorDescriptor
}

interface RawAction {
  readonly add?: RawFile
  readonly remove?: RawFile
}

/**
 * What must hold after every run. The log is replayed here by the plainest means, from the stored bytes, sharing no code
 * with the library; then the library's own reading is held against it.
 *
 * @returns the violations, as sentences; none when all is well
 */
export async function audit(location: TableLocation, store: MemoryStore, ledger: Ledger): Promise<string[]> {
  const wrong: string[] = []
  const live = await replay(store, wrong)
  const rows = await liveRows(location, store, live, wrong)
  for (const entry of ledger.entries) {
    if (entry.outcome === 'committed' && entry.version === undefined)
      wrong.push(`${entry.verb} was acknowledged without a version`)
  }
  checkInserts(ledger, rows, wrong)
  checkUpdates(ledger, rows, wrong)
  const snapshot = await openSnapshot(location)
  const listed = new Set<string>()
  for (const chunk of (await snapshot.files()).chunks) for (let i = 0; i < chunk.length; i++) listed.add(chunk.path(i))
  if (listed.size !== live.size || [...live.values()].some(({ path }) => !listed.has(path)))
    wrong.push('the snapshot differs from a plain replay of the log')
  return wrong
}

/** The live files, by path and deletion vector. */
async function replay(store: MemoryStore, wrong: string[]): Promise<Map<string, RawFile>> {
  const live = new Map<string, RawFile>()
  const everAdded = new Set<string>()
  let expected = 0
  for await (const { key } of store.list('_delta_log/')) {
    if (!/^_delta_log\/\d{20}\.json$/.test(key)) continue
    const version = Number(key.slice(11, 31))
    if (version !== expected++) wrong.push(`version ${version} stands where ${expected - 1} should`)
    const text = new TextDecoder().decode(await store.get(key))
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const { add, remove } = JSON.parse(line) as RawAction
      if (remove && !live.delete(idOf(remove)))
        wrong.push(`version ${version} removes ${remove.path}, which is not there`)
      if (add) {
        if (everAdded.has(idOf(add))) wrong.push(`version ${version} adds ${add.path} a second time`)
        everAdded.add(idOf(add))
        live.set(idOf(add), add)
      }
    }
  }
  return live
}

function idOf({ path, deletionVector: vector }: RawFile): string {
  return JSON.stringify([path, vector?.pathOrInlineDv, vector?.offset])
}

async function liveRows(
  location: TableLocation,
  store: MemoryStore,
  live: ReadonlyMap<string, RawFile>,
  wrong: string[],
): Promise<Map<number, number>> {
  const rows = new Map<number, number>()
  const paths = new Set<string>()
  for (const { path, deletionVector } of live.values()) {
    if (paths.has(path)) wrong.push(`${path} is there with two deletion vectors`)
    paths.add(path)
    const found = await readRowFile(store, path).catch(() => undefined)
    const vector = deletionVector && readDeletionVector(location, deletionVector)
    const hidden = await vector?.catch(() => undefined)
    if (found === undefined || (deletionVector !== undefined && hidden === undefined))
      wrong.push(`the table refers to ${path}, which does not exist, or its deletion vector does not`)
    for (const [position, { id, n }] of (found ?? []).entries()) {
      if (hidden?.has(position)) continue
      if (rows.has(id)) wrong.push(`row ${id} is there twice`)
      rows.set(id, n)
    }
  }
  return rows
}

function checkInserts(ledger: Ledger, rows: ReadonlyMap<number, number>, wrong: string[]): void {
  const deletedSurely = new Set<number>()
  const deletedPerhaps = new Set<number>()
  for (const entry of ledger.entries) {
    for (const id of entry.deleted) {
      if (entry.outcome === 'committed') deletedSurely.add(id)
      if (entry.outcome !== 'refused') deletedPerhaps.add(id)
    }
  }
  for (const entry of ledger.entries) {
    const present = entry.inserted.filter((id) => rows.has(id))
    for (const id of entry.inserted) {
      if (entry.outcome === 'committed' && !rows.has(id) && !deletedPerhaps.has(id))
        wrong.push(`row ${id} was acknowledged and is lost`)
      if (entry.outcome === 'refused' && rows.has(id)) wrong.push(`row ${id} was refused and is there`)
      if (deletedSurely.has(id) && rows.has(id)) wrong.push(`row ${id} was deleted and is back`)
    }
    const untouched = entry.inserted.filter((id) => !deletedPerhaps.has(id))
    if (entry.outcome === 'unknown' && present.length > 0 && untouched.some((id) => !rows.has(id))) {
      wrong.push(`an unacknowledged ${entry.verb} is there in part`)
    }
  }
}

/** A row that lives has been updated at least as often as was acknowledged, and no oftener than was tried. */
function checkUpdates(ledger: Ledger, rows: ReadonlyMap<number, number>, wrong: string[]): void {
  const surely = new Map<number, number>()
  const perhaps = new Map<number, number>()
  for (const { updated, outcome } of ledger.entries) {
    for (const id of updated) {
      if (outcome === 'committed') surely.set(id, (surely.get(id) ?? 0) + 1)
      if (outcome !== 'refused') perhaps.set(id, (perhaps.get(id) ?? 0) + 1)
    }
  }
  for (const [id, n] of rows) {
    if (n < (surely.get(id) ?? 0)) wrong.push(`row ${id} lost an acknowledged update`)
    if (n > (perhaps.get(id) ?? 0)) wrong.push(`row ${id} was updated more often than anybody asked`)
  }
}
