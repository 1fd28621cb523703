import { describe, expect, it } from 'vitest'
import { DeltaTable, type Row } from '../../src/index.js'
import { addConstraint } from '../../src/operations/alter/add-constraint.js'
import { alterTable } from '../../src/operations/alter/alter-table.js'
import { dropFeature } from '../../src/operations/alter/drop-feature.js'
import { renameColumn } from '../../src/operations/alter/rename-column.js'
import { setNullable } from '../../src/operations/alter/set-nullable.js'
import { setProperties } from '../../src/operations/alter/set-properties.js'
import type { TableChange } from '../../src/operations/alter/table-change.js'
import { snapshotOf } from '../support/arranged-table.js'

let tables = 0

async function newTable(properties: Record<string, string> = {}): Promise<DeltaTable> {
  const url = `memory://alter-table/${process.pid}-${tables++}`
  const table: DeltaTable = await DeltaTable.create(url, { schema: 'a INT, b INT', properties })
  await table.append([{ a: 1, b: 1 }])
  return table
}

/** A change that is overtaken: what another does comes between its looking at the table and its commit. */
function overtaken(change: TableChange, other: () => Promise<unknown>): { change: TableChange; tries: () => number } {
  let tries = 0
  return {
    tries: () => tries,
    async change(snapshot, options) {
      const altered = await change(snapshot, options)
      if (tries++ === 0) await other()
      return altered
    },
  }
}

describe('an alteration that is overtaken', () => {
  const append = (table: DeltaTable, row: Row) => async (): Promise<unknown> =>
    (await DeltaTable.open(table.url)).append([row])

  it.each<[string, TableChange, Row]>([
    ['a constraint', addConstraint('positive', 'a > 0'), { a: -1 }],
    ['NOT NULL', setNullable('a', false), { a: null }],
  ])('by a row that breaks %s is refused', async (_, change, row) => {
    const table = await newTable()
    const race = overtaken(change, append(table, row))
    const failure = alterTable(snapshotOf(table), race.change, {})
    await expect(failure).rejects.toMatchObject({ code: 'ConstraintViolated' })
    expect(race.tries()).toBe(1)
    expect((await table.refresh()).metadata.configuration).toEqual({})
  })

  it.each<[string, TableChange]>([
    ['a constraint', addConstraint('positive', 'a > 0')],
    ['NOT NULL', setNullable('a', false)],
  ])('by a row that is in order adds %s after a second look', async (_, change) => {
    const table = await newTable()
    const race = overtaken(change, append(table, { a: 2 }))
    const { result } = await alterTable(snapshotOf(table), race.change, {})
    expect([result.version, race.tries()]).toEqual([3, 2])
  })

  it('by an append that it does not mind is committed behind it', async () => {
    const table = await newTable({ 'delta.columnMapping.mode': 'name' })
    const race = overtaken(renameColumn('a', 'c'), append(table, { a: 2 }))
    await alterTable(snapshotOf(table), race.change, {})
    expect(race.tries()).toBe(1)
    expect((await (await table.refresh()).rows({ columns: ['c'] })).map(({ c }) => c).sort()).toEqual([1, 2])
  })

  it('by another alteration is worked out on what that one left', async () => {
    const table = await newTable()
    const other = async (): Promise<unknown> =>
      (await DeltaTable.open(table.url)).alter.setProperties({ owner: 'them' })
    const race = overtaken(setProperties({ purpose: 'test' }), other)
    const { snapshot } = await alterTable(snapshotOf(table), race.change, {})
    expect(snapshot.metadata.configuration).toEqual({ owner: 'them', purpose: 'test' })
    expect(race.tries()).toBe(2)
  })

  it('by a deletion vector does not drop the feature that it needs', async () => {
    const table = await newTable({ 'delta.enableDeletionVectors': 'true' })
    await table.append([
      { a: 2, b: 2 },
      { a: 3, b: 3 },
    ])
    const other = async (): Promise<unknown> => (await DeltaTable.open(table.url)).delete('a = 2')
    const race = overtaken(dropFeature('deletionVectors'), other)
    await expect(alterTable(snapshotOf(table), race.change, {})).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect((await table.refresh()).protocol.readerFeatures).toEqual(['deletionVectors'])
    expect(await table.rows()).toHaveLength(2)
  })
})
