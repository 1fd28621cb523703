import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, double, integer, long, type SqlExpression, sql, string, struct } from '../../src/index.js'
import {
  type ColumnNames,
  conditions,
  configs,
  type MergeShape,
  maybe,
  merges,
  type OracleColumn,
  type OracleCondition,
  type OracleRow,
  type OracleSetting,
  rowValues,
  settings,
  type TableConfig,
  uniqueKeys,
} from '../support/row-change-oracle.js'
import { openLocal, type Place } from './places.js'

type Values = Omit<OracleRow, 'uid'>
type Change =
  | { readonly verb: 'append'; readonly rows: readonly Values[] }
  | { readonly verb: 'delete'; readonly where: OracleCondition | undefined }
  | { readonly verb: 'update'; readonly where: OracleCondition | undefined; readonly set: OracleSetting }
  | { readonly verb: 'merge'; readonly source: readonly Values[]; readonly merge: MergeShape }
  | { readonly verb: 'purge' | 'optimize' }

const changes: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constant('append' as const),
      rows: fc.array(rowValues, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('delete' as const),
      where: fc.option(conditions, { nil: undefined, freq: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ verb: fc.constant('update' as const), where: maybe(conditions), set: settings }),
  },
  { weight: 5, arbitrary: fc.record({ verb: fc.constant('merge' as const), source: uniqueKeys, merge: merges }) },
  { weight: 1, arbitrary: fc.constantFrom({ verb: 'purge' as const }, { verb: 'optimize' as const }) },
)

let place: Place
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

const appends = fc.array(fc.array(rowValues, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })

const SEED = 20_261_127
const seeded = fc.sample(fc.tuple(configs, appends, changes), { seed: SEED, numRuns: 300 })

describe(`300 tables and changes (seed ${SEED}) come to what plain rows come to`, () => {
  // In parts, so that one that fails is found.
  const part = 25
  it.each(Array.from({ length: seeded.length / part }, (_, i) => i * part))(
    'from the %ith on',
    async (start) => {
      for (const [i, [config, first, change]] of seeded.slice(start, start + part).entries()) {
        const trial = await Trial.begin(config)
        try {
          for (const rows of first) await trial.apply({ verb: 'append', rows })
          await trial.apply(change)
        } catch (error) {
          throw new Error(`Case ${start + i}: ${change.verb} of ${JSON.stringify(config)}`, { cause: error })
        }
      }
    },
    600_000,
  )
})

// LAKEWRIGHT_RUNS=300 tries more of them.
it('equal the same changes of plain rows, whatever the table is like', async () => {
  await fc.assert(
    fc.asyncProperty(
      configs,
      appends,
      fc.array(changes, { minLength: 1, maxLength: 4 }),
      async (config, first, steps) => {
        const trial = await Trial.begin(config)
        for (const rows of first) await trial.apply({ verb: 'append', rows })
        for (const step of steps) await trial.apply(step)
      },
    ),
    { numRuns: Number(process.env.LAKEWRIGHT_RUNS ?? 12) },
  )
}, 3_600_000)

/** A table, and the rows that it should have. */
class Trial {
  readonly #config: TableConfig
  readonly #table: DeltaTable
  #rows: readonly OracleRow[] = []
  #ids: ReadonlyMap<string, bigint> = new Map()
  #next = 0

  private constructor(config: TableConfig, table: DeltaTable) {
    this.#config = config
    this.#table = table
  }

  static async begin(config: TableConfig): Promise<Trial> {
    const { names, partitioned, properties } = config
    const schema = struct({
      [names.uid]: string(),
      [names.key]: long(),
      [names.place]: string(),
      [names.count]: integer(),
      [names.weight]: double(),
    })
    const table = await DeltaTable.create(place.url(), {
      schema,
      properties,
      ...(partitioned && { partitionBy: [names.place] }),
    })
    return new Trial(config, table as unknown as DeltaTable)
  }

  async apply(change: Change): Promise<void> {
    const before = this.#table.version
    const expected = await this.#change(change)
    const after = (expected ?? this.#rows).map((row) => this.#stored(row))
    const found = await this.#read()
    expect(found.map(({ text }) => text).sort(), change.verb).toEqual(after.map(rowText).sort())
    this.#checkIds(found)
    if (this.#config.properties['delta.enableChangeDataFeed'] === 'true' && this.#table.version > before) {
      await this.#checkFeed(
        before + 1,
        change,
        this.#rows.map((row) => this.#stored(row)),
        after,
      )
    }
    this.#rows = after
  }

  /** Carries it out, and answers the rows that should come of it. */
  async #change(change: Change): Promise<readonly OracleRow[] | undefined> {
    const { names, rewriteShare } = this.#config
    const table = this.#table
    const plain = (column: OracleColumn): string => quote(names[column])
    switch (change.verb) {
      case 'append': {
        const rows = change.rows.map((values) => ({ uid: `r${this.#next++}`, ...values }))
        await table.append(rows.map((row) => named(row, names)) as never)
        return [...this.#rows, ...rows]
      }
      case 'delete': {
        const { where } = change
        await table.delete(where?.sql(plain), { rewriteShare })
        return this.#rows.filter((row) => where !== undefined && where.holds(row) !== true)
      }
      case 'update': {
        const { where, set } = change
        const values = expressions(set.sql(plain), names)
        await table.update({ set: values, where: where?.sql(plain), rewriteShare })
        return this.#rows.map((row) => (where === undefined || where.holds(row) === true ? set.apply(row) : row))
      }
      case 'merge':
        return this.#merge(
          change.source.map((values) => ({ uid: `s${this.#next++}`, ...values })),
          change.merge,
        )
      case 'purge':
        await table.purge()
        for await (const { numDeletedRows } of await table.files()) expect(numDeletedRows).toBe(0)
        return undefined
      case 'optimize':
        await table.optimize()
        return undefined
    }
  }

  async #merge(source: readonly OracleRow[], shape: MergeShape): Promise<readonly OracleRow[]> {
    const { names, rewriteShare } = this.#config
    const of =
      (relation: string) =>
      (column: OracleColumn): string =>
        `${relation}.${quote(names[column])}`
    const [target, incoming] = [of('target'), of('source')]
    const { deleteWhen, update, insertWhen, bySource } = shape
    const rows = source.map((row) => named(row, names)) as never
    let merge = this.#table.merge(rows, [names.key], { rewriteShare })
    if (deleteWhen !== undefined) merge = merge.whenMatchedDelete({ condition: deleteWhen.sql(target) })
    if (update === 'all') merge = merge.whenMatchedUpdateAll({ except: [names.uid] })
    else if (update !== undefined) merge = merge.whenMatchedUpdate({ set: expressions(update.sql(target), names) })
    if (insertWhen !== 'never') merge = merge.whenNotMatchedInsertAll({ condition: insertWhen?.sql(incoming) })
    if (bySource !== undefined) {
      const condition = bySource.when.sql(target)
      merge =
        bySource.set === undefined
          ? merge.whenNotMatchedBySourceDelete({ condition })
          : merge.whenNotMatchedBySourceUpdate({ condition, set: expressions(bySource.set.sql(target), names) })
    }
    await merge.execute()
    const byKey = new Map(source.filter(({ key }) => key !== null).map((row) => [row.key, row]))
    const keys = new Set(this.#rows.map(({ key }) => key))
    const kept = this.#rows.flatMap((row) => {
      const match = row.key === null ? undefined : byKey.get(row.key)
      if (match === undefined) {
        if (bySource?.when.holds(row) !== true) return [row]
        return bySource.set === undefined ? [] : [bySource.set.apply(row)]
      }
      if (deleteWhen?.holds(row) === true) return []
      if (update === 'all') return [{ ...match, uid: row.uid }]
      return [update === undefined ? row : update.apply(row)]
    })
    const inserted = source.filter((row) => {
      const isNew = row.key === null || !keys.has(row.key)
      return isNew && insertWhen !== 'never' && (insertWhen === undefined || insertWhen.holds(row) === true)
    })
    return [...kept, ...inserted]
  }

  /** An empty text is null as a partition value. */
  #stored(row: OracleRow): OracleRow {
    return this.#config.partitioned && row.place === '' ? { ...row, place: null } : row
  }

  async #read(): Promise<{ readonly text: string; readonly uid: string; readonly id: bigint | undefined }[]> {
    const { names, properties } = this.#config
    const tracked = properties['delta.enableRowTracking'] === 'true'
    const columns = [...Object.values(names), ...(tracked ? ['_metadata'] : [])]
    const rows = (await this.#table.rows({ columns: columns as never })) as unknown as Record<string, unknown>[]
    return rows.map((row) => ({
      text: rowText(unnamed(row, names)),
      uid: String(row[names.uid]),
      id: tracked ? ((row._metadata as { row_id: bigint }).row_id as bigint) : undefined,
    }))
  }

  /** Rows keep their ids, and no id is given twice. */
  #checkIds(rows: readonly { readonly uid: string; readonly id: bigint | undefined }[]): void {
    const ids = new Map(rows.flatMap(({ uid, id }) => (id === undefined ? [] : [[uid, id] as const])))
    expect(new Set(ids.values()).size).toBe(ids.size)
    for (const [uid, id] of ids) if (this.#ids.has(uid)) expect(id).toBe(this.#ids.get(uid))
    this.#ids = ids
  }

  /** What the feed says is what happened. */
  async #checkFeed(
    version: number,
    change: Change,
    before: readonly OracleRow[],
    after: readonly OracleRow[],
  ): Promise<void> {
    if (change.verb === 'purge' || change.verb === 'optimize') return
    const { names } = this.#config
    const told: string[] = []
    const read = this.#table.changes({ from: version, to: this.#table.version })
    const { decodeRows } = await import('../../src/arrow/decode/decode-rows.js')
    const { deltaSchema } = await import('../../src/arrow/delta-schema.js')
    for await (const batch of read) {
      for (const row of decodeRows(batch, deltaSchema(batch.schema))) {
        told.push(`${String(row._change_type)} ${rowText(unnamed(row as Record<string, unknown>, names))}`)
      }
    }
    const was = new Map(before.map((row) => [row.uid, row]))
    const is = new Map(after.map((row) => [row.uid, row]))
    const net: string[] = []
    for (const [uid, row] of was) if (!is.has(uid)) net.push(`delete ${rowText(row)}`)
    for (const [uid, row] of is) if (!was.has(uid)) net.push(`insert ${rowText(row)}`)
    // An update that changes nothing is told all the same.
    const [updates, others] = [
      told.filter((text) => text.startsWith('update')),
      told.filter((text) => !text.startsWith('update')),
    ]
    expect(others.sort()).toEqual(net.sort())
    for (const [uid, row] of is) {
      const earlier = was.get(uid)
      if (earlier === undefined || rowText(earlier) === rowText(row)) continue
      expect(updates).toContain(`update_preimage ${rowText(earlier)}`)
      expect(updates).toContain(`update_postimage ${rowText(row)}`)
    }
    expect(updates.length % 2).toBe(0)
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function named(row: OracleRow, names: ColumnNames): Record<string, unknown> {
  return Object.fromEntries(Object.entries(names).map(([column, name]) => [name, row[column as OracleColumn]]))
}

function unnamed(row: Record<string, unknown>, names: ColumnNames): OracleRow {
  return Object.fromEntries(Object.entries(names).map(([column, name]) => [column, row[name]])) as unknown as OracleRow
}

function expressions(
  set: { readonly [column: string]: string },
  names: ColumnNames,
): { readonly [column: string]: SqlExpression } {
  return Object.fromEntries(Object.entries(set).map(([column, text]) => [names[column as OracleColumn], sql(text)]))
}

function rowText({ uid, key, place, count, weight }: OracleRow): string {
  return `${uid} ${String(key)} ${JSON.stringify(place)} ${String(count)} ${String(weight)}`
}
