import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DeltaTable, Lake, type Row } from '../../../src/index.js'

/** A column as the model has it: its values stay its own, whatever it is called. */
interface ModelColumn {
  readonly id: number
  name: string
  type: 'INT' | 'BIGINT' | 'STRING'
}

/** What a table should hold. */
class Model {
  readonly columns: ModelColumn[] = [{ id: 0, name: 'key', type: 'INT' }]
  readonly rows: Map<number, unknown>[] = []
  #ids = 1
  #names = 0

  add(type: ModelColumn['type'], position: number): ModelColumn {
    const column = { id: this.#ids++, name: this.freshName(), type }
    this.columns.splice(1 + position, 0, column)
    return column
  }

  /** Names come back: a column that is called as a dropped one was is another column. */
  freshName(): string {
    const free = ['a', 'b', 'c d', 'e'].find((name) => this.columns.every((column) => column.name !== name))
    return free ?? `n${this.#names++}`
  }

  expected(): Row[] {
    return this.rows.map(
      (row) => Object.fromEntries(this.columns.map(({ id, name, type }) => [name, typed(row.get(id), type)])) as Row,
    )
  }
}

function typed(value: unknown, type: ModelColumn['type']): unknown {
  if (value === undefined) return null
  if (type === 'STRING') return `v${value}`
  return type === 'BIGINT' ? BigInt(value as number) : value
}

type Step = (model: Model, table: DeltaTable) => Promise<unknown>

const position = fc.nat({ max: 5 })
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.nat({ max: 100 }).map(
    (seed): Step =>
      async (model, table) => {
        const row = new Map(model.columns.map(({ id }) => [id, id === 0 ? model.rows.length : seed + id]))
        for (const { id } of model.columns) if (id !== 0 && (seed + id) % 3 === 0) row.delete(id)
        model.rows.push(row)
        await table.append([model.expected().at(-1) as Row])
      },
  ),
  fc.tuple(fc.constantFrom('INT', 'STRING'), position).map(
    ([type, at]): Step =>
      async (model, table) => {
        const before = model.columns[Math.min(at, model.columns.length - 1)] as ModelColumn
        const column = model.add(type as 'INT', Math.min(at, model.columns.length - 1))
        await table.alter.addColumns(`\`${column.name}\` ${type}`, { position: { after: before.name } })
      },
  ),
  fc.nat({ max: 100 }).map(
    (value): Step =>
      async (model, table) => {
        const column = model.add('STRING', model.columns.length - 1)
        const row = new Map([
          [0, model.rows.length],
          [column.id, value],
        ])
        model.rows.push(row)
        await table.append([{ key: row.get(0), [column.name]: `v${value}` }] as Row[], { mergeSchema: true })
      },
  ),
  position.map(
    (at): Step =>
      async (model, table) => {
        const column = model.columns[1 + at]
        if (column === undefined) return
        const name = model.freshName()
        await table.alter.renameColumn([column.name], name)
        column.name = name
      },
  ),
  position.map(
    (at): Step =>
      async (model, table) => {
        const column = model.columns[1 + at]
        if (column === undefined) return
        model.columns.splice(1 + at, 1)
        await table.alter.dropColumn([column.name])
      },
  ),
  position.map(
    (at): Step =>
      async (model, table) => {
        const column = model.columns[at]
        if (column?.type !== 'INT') return
        await table.alter.changeType([column.name], 'BIGINT')
        column.type = 'BIGINT'
      },
  ),
  fc.tuple(position, position).map(
    ([from, to]): Step =>
      async (model, table) => {
        const [column, after] = [model.columns[1 + from], model.columns[to]]
        if (column === undefined || after === undefined || column === after) return
        model.columns.splice(1 + from, 1)
        model.columns.splice(model.columns.indexOf(after) + 1, 0, column)
        await table.alter.moveColumn([column.name], { after: after.name })
      },
  ),
)

it('a table whose columns come, go and change has the values that were written, in every version', async () => {
  await using lake = new Lake()
  let tables = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('name', 'id', 'later'),
      fc.array(steps, { maxLength: 14 }),
      async (mode, script) => {
        const properties = {
          'delta.enableTypeWidening': 'true',
          'delta.columnMapping.mode': mode === 'later' ? 'none' : mode,
        }
        const url = `memory://schema-changes/${process.pid}-${tables++}`
        const table: DeltaTable = await DeltaTable.create(url, { schema: 'key INT', properties })
        const model = new Model()
        await table.append([{ key: 0 }])
        model.rows.push(new Map([[0, 0]]))
        if (mode === 'later') await table.alter.setProperties({ 'delta.columnMapping.mode': 'name' })
        const versions = new Map([[table.version, model.expected()]])
        for (const step of script) {
          await step(model, table)
          versions.set(table.version, model.expected())
        }
        const fresh = await DeltaTable.open(url)
        for (const [version, expected] of versions)
          expect(byKey(await (await fresh.at({ version })).rows())).toEqual(expected)
        const names = model.columns.map(({ name }) => `"${name}"`).join(', ')
        const queried = await lake.query(`SELECT ${names} FROM t ORDER BY key`, { tables: { t: fresh } })
        expect(await queried.rows()).toEqual(model.expected())
        expect(fresh.schema.fields.map(({ name }) => name)).toEqual(model.columns.map(({ name }) => name))
      },
    ),
    { numRuns: 20 },
  )
})

function byKey(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => Number(a.key) - Number(b.key))
}
