import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, double, integer, long, sql, string, struct } from '../../src/index.js'
import {
  type ColumnNames,
  conditions,
  configs,
  merges,
  type OracleColumn,
  rowValues,
  settings,
  uniqueKeys,
} from '../support/row-change-oracle.js'
import type { PeerProcess } from './peer-process.js'
import { PeerSession } from './peer-session.js'
import { openSpark, sparkWanted } from './spark-session.js'

type Naming = (column: OracleColumn) => string

let session: PeerSession
beforeAll(async () => {
  session = await PeerSession.open()
})
afterAll(() => session.close())

const SEED = 20_261_124
const CASES = Number(process.env.LAKEWRIGHT_RUNS ?? 40)

const cases = fc.sample(
  fc.record({
    config: configs,
    rows: fc.array(fc.array(rowValues, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 }),
    change: fc.oneof(
      fc.record({ verb: fc.constant('delete' as const), where: conditions }),
      fc.record({ verb: fc.constant('update' as const), where: conditions, set: settings }),
      fc.record({ verb: fc.constant('merge' as const), source: uniqueKeys, merge: merges }),
    ),
  }),
  { seed: SEED, numRuns: CASES },
)

const COLUMNS = ['uid', 'key', 'place', 'count', 'weight'] as const

describe.runIf(sparkWanted)(`Spark does the same to the same rows (seed ${SEED})`, () => {
  let spark: PeerProcess
  beforeAll(() => {
    spark = openSpark()
  })
  afterAll(() => spark.close())

  it.each(cases.map((each, i) => [i, each.change.verb, each] as const))(
    'case %i: %s',
    async (i, _, { config, rows, change }) => {
      // Spark's MERGE does not find columns with dots in their names.
      const names = { ...config.names, place: config.names.place.replace('.', '-') }
      const [here, there] = [join(session.folder, `changed here ${i}`), join(session.folder, `changed there ${i}`)]
      const schema = struct({
        [names.uid]: string(),
        [names.key]: long(),
        [names.place]: string(),
        [names.count]: integer(),
        [names.weight]: double(),
      })
      const named = (values: (typeof rows)[number][number], uid: string): object =>
        Object.fromEntries(COLUMNS.map((column) => [names[column], column === 'uid' ? uid : values[column]]))
      const table = await DeltaTable.create(here, {
        schema,
        properties: config.properties,
        ...(config.partitioned && { partitionBy: [names.place] }),
      })
      for (const [n, batch] of rows.entries())
        await table.append(batch.map((row, k) => named(row, `r${n}-${k}`)) as never)
      await cp(here, there, { recursive: true })
      const ours: Naming = (column) => quoted(names[column], '"')
      const theirs: Naming = (column) => quoted(names[column], '`')
      const target = `delta.${quoted(there, '`')}`
      if (change.verb === 'delete') {
        await table.delete(change.where.sql(ours), { rewriteShare: config.rewriteShare })
        await spark.ask({ sql: `DELETE FROM ${target} WHERE ${change.where.sql(theirs)}` })
      } else if (change.verb === 'update') {
        const set = expressions(change.set.sql(ours), names)
        await table.update({ set, where: change.where.sql(ours), rewriteShare: config.rewriteShare })
        await spark.ask({
          sql: `UPDATE ${target} SET ${assignments(change.set.sql(theirs), theirs)} WHERE ${change.where.sql(theirs)}`,
        })
      } else {
        const path = join(session.folder, `source ${i}`)
        const source = await DeltaTable.create(path, {
          schema,
          properties: { 'delta.columnMapping.mode': String(config.properties['delta.columnMapping.mode']) },
        })
        await source.append(change.source.map((row, k) => named(row, `s-${k}`)) as never)
        await merge(table, source, change.merge, names)
        await spark.ask({ sql: mergeText(target, `delta.${quoted(path, '`')}`, change.merge, theirs) })
      }
      const [mine, spoken] = [await rowsInSpark(here), await rowsInSpark(there)]
      expect(mine).toEqual(spoken)

      async function rowsInSpark(folder: string): Promise<unknown> {
        const texts = COLUMNS.map((column) => `coalesce('<' || CAST(${theirs(column)} AS STRING) || '>', 'null')`)
        const read = `SELECT concat_ws(' ', ${texts.join(', ')}) AS row FROM delta.${quoted(folder, '`')} ORDER BY row`
        return (await spark.ask<{ rows: unknown }>({ sql: read })).rows
      }
    },
    120_000,
  )

  it.each([
    ['with deletion vectors', 'true', 'none'],
    ['without', 'false', 'none'],
    ['with column mapping', 'true', 'id'],
  ])(
    'finds the ids that rows have here, after updates, a merge and a purge (%s)',
    async (_, vectors, mode) => {
      const path = join(session.folder, `tracked ${vectors} ${mode}`)
      const table = await DeltaTable.create(path, {
        schema: struct({ id: long(), kind: string() }),
        properties: {
          'delta.enableRowTracking': 'true',
          'delta.enableDeletionVectors': vectors,
          'delta.columnMapping.mode': mode,
        },
      })
      for (let n = 0; n < 2; n++)
        await table.append([0, 1, 2, 3].map((i) => ({ id: BigInt(10 * n + i), kind: 'first' })))
      await table.update({ set: { kind: 'second' }, where: 'id IN (1, 11)' })
      await table
        .merge(
          [
            { id: 2n, kind: 'third' },
            { id: 99n, kind: 'new' },
          ],
          ['id'],
        )
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute()
      await table.delete('id = 3')
      await table.purge()
      await table.optimize()
      const rows = await table.rows({ columns: ['id', 'kind', '_metadata' as never] })
      const here = rows.map(({ id, kind, ...rest }) => {
        const { row_id, row_commit_version } = (rest as { _metadata: Record<string, bigint> })._metadata
        return [id, kind, row_id, row_commit_version].map(String)
      })
      const read = `SELECT id, kind, _metadata.row_id, _metadata.row_commit_version FROM delta.${quoted(path, '`')}`
      const { rows: there } = await spark.ask<{ rows: unknown[][] }>({ sql: read })
      expect(there.map((row) => row.map(String)).sort()).toEqual(here.sort())
      expect(there.length).toBe(8)
    },
    120_000,
  )
})

async function merge(
  table: DeltaTable,
  source: DeltaTable,
  {
    deleteWhen,
    update,
    insertWhen,
    bySource,
  }: (typeof cases)[number]['change'] extends infer Change
    ? Extract<Change, { verb: 'merge' }> extends { merge: infer Shape }
      ? Shape
      : never
    : never,
  names: ColumnNames,
): Promise<void> {
  const of =
    (relation: string): Naming =>
    (column) =>
      `${relation}.${quoted(names[column], '"')}`
  let built = table.merge(source, [names.key])
  if (deleteWhen !== undefined) built = built.whenMatchedDelete({ condition: deleteWhen.sql(of('target')) })
  if (update === 'all') built = built.whenMatchedUpdateAll({ except: [names.uid] })
  else if (update !== undefined) built = built.whenMatchedUpdate({ set: expressions(update.sql(of('target')), names) })
  if (insertWhen !== 'never') built = built.whenNotMatchedInsertAll({ condition: insertWhen?.sql(of('source')) })
  if (bySource !== undefined) {
    const condition = bySource.when.sql(of('target'))
    built =
      bySource.set === undefined
        ? built.whenNotMatchedBySourceDelete({ condition })
        : built.whenNotMatchedBySourceUpdate({ condition, set: expressions(bySource.set.sql(of('target')), names) })
  }
  await built.execute()
}

function mergeText(
  target: string,
  source: string,
  { deleteWhen, update, insertWhen, bySource }: Parameters<typeof merge>[2],
  name: Naming,
): string {
  const of =
    (relation: string): Naming =>
    (column) =>
      `${relation}.${name(column)}`
  const parts = [
    `MERGE INTO ${target} AS target USING ${source} AS source ON target.${name('key')} = source.${name('key')}`,
  ]
  if (deleteWhen !== undefined) parts.push(`WHEN MATCHED AND ${deleteWhen.sql(of('target'))} THEN DELETE`)
  if (update === 'all') {
    const all = COLUMNS.filter((column) => column !== 'uid')
    parts.push(
      `WHEN MATCHED THEN UPDATE SET ${all.map((column) => `target.${name(column)} = source.${name(column)}`).join(', ')}`,
    )
  } else if (update !== undefined)
    parts.push(`WHEN MATCHED THEN UPDATE SET ${assignments(update.sql(of('target')), of('target'))}`)
  if (insertWhen !== 'never') {
    parts.push(
      `WHEN NOT MATCHED ${insertWhen === undefined ? '' : `AND ${insertWhen.sql(of('source'))}`} THEN INSERT *`,
    )
  }
  if (bySource !== undefined) {
    const action =
      bySource.set === undefined ? 'DELETE' : `UPDATE SET ${assignments(bySource.set.sql(of('target')), of('target'))}`
    parts.push(`WHEN NOT MATCHED BY SOURCE AND ${bySource.when.sql(of('target'))} THEN ${action}`)
  }
  return parts.join('\n')
}

function expressions(set: { readonly [column: string]: string }, names: ColumnNames) {
  return Object.fromEntries(Object.entries(set).map(([column, text]) => [names[column as OracleColumn], sql(text)]))
}

function assignments(set: { readonly [column: string]: string }, name: Naming): string {
  return Object.entries(set)
    .map(([column, text]) => `${name(column as OracleColumn)} = ${text}`)
    .join(', ')
}

function quoted(name: string, quote: string): string {
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`
}

describe.each(['deltalake', 'polars', 'duckdb'] as const)('%s', (reader) => {
  it('sees what our deletion vectors hide, inline ones and those in files', async () => {
    const path = join(session.folder, `hidden-for-${reader}`)
    const table = await DeltaTable.create(path, {
      schema: struct({ id: long(), kind: string() }),
      partitionBy: ['kind'],
      properties: { 'delta.enableDeletionVectors': 'true' },
    })
    await table.append(
      Array.from({ length: 3000 }, (_, id) => ({ id: BigInt(id), kind: id % 2 === 0 ? 'even' : 'odd' })),
    )
    await table.delete('id IN (2, 4, 5)')
    await table.delete("kind = 'odd' AND id % 10 = 7")
    await table.update({ set: { kind: 'moved' }, where: 'id BETWEEN 100 AND 110' })
    const ids = async (rows: readonly (readonly unknown[])[]): Promise<number[]> =>
      rows.map(([id]) => Number(id)).sort((a, b) => a - b)
    const here = (await table.rows({ columns: ['id'] })).map(({ id }) => Number(id)).sort((a, b) => a - b)
    expect(here.length).toBe(2697)
    expect(await ids((await session.rowsThere(reader, path)).rows)).toEqual(here)
  })
})
