import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import type { MemoryStore } from '../../src/storage/memory-store.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import type { Ledger } from './ledger.js'
import { readRowFile } from './row-file.js'

interface RawAction {
  readonly add?: { readonly path: string }
  readonly remove?: { readonly path: string }
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
  const rows = await liveRows(store, live, wrong)
  for (const entry of ledger.entries) {
    if (entry.outcome === 'committed' && entry.version === undefined)
      wrong.push(`${entry.verb} was acknowledged without a version`)
  }
  checkInserts(ledger, rows, wrong)
  checkUpdates(ledger, rows, wrong)
  const snapshot = await openSnapshot(location)
  const listed = new Set<string>()
  for (const chunk of (await snapshot.files()).chunks) for (let i = 0; i < chunk.length; i++) listed.add(chunk.path(i))
  if (listed.size !== live.size || [...live].some((path) => !listed.has(path)))
    wrong.push('the snapshot differs from a plain replay of the log')
  return wrong
}

async function replay(store: MemoryStore, wrong: string[]): Promise<Set<string>> {
  const live = new Set<string>()
  const everAdded = new Set<string>()
  let expected = 0
  for await (const { key } of store.list('_delta_log/')) {
    if (!/^_delta_log\/\d{20}\.json$/.test(key)) continue
    const version = Number(key.slice(11, 31))
    if (version !== expected++) wrong.push(`version ${version} stands where ${expected - 1} should`)
    const text = new TextDecoder().decode(await store.get(key))
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const { add, remove } = JSON.parse(line) as RawAction
      if (remove && !live.delete(remove.path))
        wrong.push(`version ${version} removes ${remove.path}, which is not there`)
      if (add) {
        if (everAdded.has(add.path)) wrong.push(`version ${version} adds ${add.path} a second time`)
        everAdded.add(add.path)
        live.add(add.path)
      }
    }
  }
  return live
}

async function liveRows(store: MemoryStore, live: ReadonlySet<string>, wrong: string[]): Promise<Map<number, number>> {
  const rows = new Map<number, number>()
  for (const path of live) {
    const found = await readRowFile(store, path).catch(() => undefined)
    if (found === undefined) wrong.push(`the table refers to ${path}, which does not exist`)
    for (const { id, n } of found ?? []) {
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
