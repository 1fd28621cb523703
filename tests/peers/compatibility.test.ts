import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable } from '../../src/index.js'
import { TABLE_FEATURES } from '../../src/protocol/features/feature-registry.js'
import { PeerSession } from './peer-session.js'

let session: PeerSession
beforeAll(async () => {
  session = await PeerSession.open()
})
afterAll(() => session.close())

const engines = { 'delta-rs': 'deltalake', DuckDB: 'duckdb', Polars: 'polars' } as const
const rows = [{ id: 1 }, { id: 2 }, { id: 3 }]

/** How a table comes to use a feature. */
const used: { readonly [feature: string]: (path: string) => Promise<number> } = {
  async columnMapping(path) {
    const table = await withProperties(path, { 'delta.columnMapping.mode': 'name' })
    await table.alter.renameColumn('id', 'number')
    return 3
  },
  async deletionVectors(path) {
    const table = await withProperties(path, { 'delta.enableDeletionVectors': 'true' })
    await table.delete('id = 2', { rewriteShare: 1 })
    return 2
  },
  async timestampNtz(path) {
    const table = await DeltaTable.create(path, { schema: 'at TIMESTAMP_NTZ' })
    await table.append([{ at: '2026-01-01T09:30:00.000000' }])
    return 1
  },
  async v2Checkpoint(path) {
    const table = await withProperties(path, { 'delta.checkpointPolicy': 'v2' })
    await table.checkpoint()
    return 3
  },
  async vacuumProtocolCheck(path) {
    await withProperties(path, { 'delta.feature.vacuumProtocolCheck': 'supported' })
    return 3
  },
  async typeWidening(path) {
    const table = await withProperties(path, { 'delta.enableTypeWidening': 'true' })
    await table.alter.changeType('id', 'BIGINT')
    return 3
  },
}

/** Features that are known or refused by name, though no row of the table uses them, with those that they require. DuckDB reads what a catalog manages, without the catalog. */
const named = [
  ['variantType', []],
  ['variantShredding', ['variantType']],
  ['variantShredding-preview', ['variantType-preview']],
  ['redirectReaderWriter-preview', []],
] as const

async function withProperties(path: string, properties: { readonly [key: string]: string }): Promise<DeltaTable> {
  const table = await DeltaTable.create(path, { schema: 'id INT', properties })
  await table.append(rows)
  return table
}

/** A table whose protocol asks for some features. */
async function withFeatures(path: string, features: readonly string[]): Promise<void> {
  await withProperties(path, { 'delta.feature.vacuumProtocolCheck': 'supported' })
  const commit = join(path, '_delta_log', '00000000000000000000.json')
  await writeFile(commit, (await readFile(commit, 'utf8')).replaceAll('vacuumProtocolCheck', features.join('","')))
}

describe.each(Object.entries(engines))('what is said of %s', (engine, reader) => {
  const says = (feature: string): boolean =>
    TABLE_FEATURES.find(({ name }) => name === feature)?.readableBy.some((name) => name === engine) === true

  it.each(Object.entries(used))('is what it does with a table that uses %s', async (feature, make) => {
    const path = join(session.folder, `${reader}-${feature}`)
    const expected = await make(path)
    const seen = await session.rowsThere(reader, path).then(
      (found) => found.rows.length,
      () => 'refused',
    )
    expect(seen).toBe(says(feature) ? expected : 'refused')
  })

  it.each(named)('is what it does with a table that names %s', async (feature, required) => {
    const path = join(session.folder, `${reader}-named-${feature}`)
    await withFeatures(path, [feature, ...required])
    const reads = await session.rowsThere(reader, path).then(
      () => true,
      () => false,
    )
    expect(reads).toBe(says(feature))
  })
})
