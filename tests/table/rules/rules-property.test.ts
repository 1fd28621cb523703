import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Int32, Table, Utf8, vectorFromArray } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, files, isDeltaError } from '../../../src/index.js'
import { newTableUrl } from './new-table-url.js'

interface Row {
  readonly n: number | null
  readonly s: string | null
}

/** A condition of Spark SQL, and what it is of a row by the rules of three-valued logic. */
interface Condition {
  readonly sql: string
  readonly of: (row: Row) => boolean | null
}

type Input = 'rows' | 'Arrow' | 'CSV' | 'NDJSON'

const RUNS = 20

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('rules of a table', () => {
  it('let exactly those rows in that fulfil them, with what is computed', async () => {
    let run = 0
    const inputs = fc.constantFrom<Input>('rows', 'Arrow', 'CSV', 'NDJSON')
    await fc.assert(
      fc.asyncProperty(
        fc.array(row(), { minLength: 1, maxLength: 12 }),
        condition(),
        inputs,
        async (rows, check, input) => {
          const table = await DeltaTable.create(newTableUrl(), {
            schema: `n INT, s STRING, kind STRING DEFAULT 'none', g INT GENERATED ALWAYS AS (CASE WHEN n IS NULL THEN -1 ELSE n % 7 END)`,
            constraints: { c: check.sql },
          })
          const broken = rows.flatMap((each, i) => (check.of(each) === true ? [] : [i]))
          const failure = await table.append(await inputOf(rows, input, run++)).then(
            () => undefined,
            (error: unknown) => error,
          )
          if (broken.length > 0) {
            if (!isDeltaError(failure, 'ConstraintViolated'))
              throw failure ?? new Error(`${check.sql} let ${broken.length} rows in`)
            expect(failure.details).toMatchObject({ constraint: 'c', count: broken.length })
            expect(positionOf(failure.details)).toBe(broken[0])
            expect((await table.refresh()).version).toBe(0)
          } else {
            expect(failure).toBeUndefined()
            expect(await table.rows()).toEqual(
              rows.map(({ n, s }) => ({ n, s, kind: 'none', g: n === null ? -1 : n % 7 || 0 })),
            )
          }
        },
      ),
      { numRuns: RUNS },
    )
  })
})

/** From 0; the first line of a CSV file is its header. */
function positionOf({ rowNumber, line, path }: { readonly [name: string]: unknown }): number {
  if (typeof rowNumber === 'number') return rowNumber
  return Number(line) - (String(path).endsWith('.csv') ? 2 : 1)
}

async function inputOf(rows: readonly Row[], input: Input, run: number): Promise<Parameters<DeltaTable['append']>[0]> {
  switch (input) {
    case 'rows':
      return rows.map((each) => ({ ...each }))
    case 'Arrow':
      return new Table({
        n: vectorFromArray(
          rows.map(({ n }) => n),
          new Int32(),
        ),
        s: vectorFromArray(
          rows.map(({ s }) => s),
          new Utf8(),
        ),
      })
    case 'CSV': {
      const path = join(folder, `${run}.csv`)
      await writeFile(
        path,
        ['n,s', ...rows.map(({ n, s }) => `${n ?? ''},${s === null ? '' : `"${s}"`}`), ''].join('\n'),
      )
      return files(path)
    }
    case 'NDJSON': {
      const path = join(folder, `${run}.ndjson`)
      await writeFile(path, rows.map((each) => `${JSON.stringify(each)}\n`).join(''))
      return files(path)
    }
  }
}

function row(): fc.Arbitrary<Row> {
  const n = fc.option(fc.integer({ min: -20, max: 20 }), { freq: 5 })
  return fc.record({ n, s: fc.option(fc.constantFrom('', 'a', 'Ab', 'b%', 'ä'), { freq: 5 }) })
}

function condition(): fc.Arbitrary<Condition> {
  const number = fc.integer({ min: -20, max: 20 })
  const leaf = fc.oneof(
    number.map((k): Condition => ({ sql: `n >= ${k}`, of: ({ n }) => (n === null ? null : n >= k) })),
    number.map((k): Condition => ({ sql: `n + 1 <> ${k} * 2`, of: ({ n }) => (n === null ? null : n + 1 !== k * 2) })),
    fc.tuple(number, number).map(
      ([a, b]): Condition => ({
        sql: `n BETWEEN ${a} AND ${b}`,
        of: ({ n }) => (n === null ? null : n >= a && n <= b),
      }),
    ),
    fc.constantFrom<Condition>(
      { sql: 'n IS NULL', of: ({ n }) => n === null },
      { sql: "s LIKE '%b%'", of: ({ s }) => (s === null ? null : s.includes('b')) },
      { sql: "s IN ('a', 'ä')", of: ({ s }) => (s === null ? null : ['a', 'ä'].includes(s)) },
      { sql: "coalesce(s, 'z') > 'A'", of: ({ s }) => (s ?? 'z') > 'A' },
      { sql: 'length(s) < 2', of: ({ s }) => (s === null ? null : s.length < 2) },
      { sql: 'g < 5', of: ({ n }) => (n === null ? -1 : n % 7) < 5 },
      { sql: "kind = 'none'", of: () => true },
    ),
  )
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2 },
      leaf,
      fc.tuple(tie('condition'), tie('condition')).map(
        ([a, b]): Condition => ({
          sql: `(${a.sql} AND ${b.sql})`,
          of: (each) => not(or(not(a.of(each)), not(b.of(each)))),
        }),
      ),
      fc.tuple(tie('condition'), tie('condition')).map(
        ([a, b]): Condition => ({
          sql: `(${a.sql} OR ${b.sql})`,
          of: (each) => or(a.of(each), b.of(each)),
        }),
      ),
      tie('condition').map((a): Condition => ({ sql: `NOT ${a.sql}`, of: (each) => not(a.of(each)) })),
    ),
  })).condition
}

function or(a: boolean | null, b: boolean | null): boolean | null {
  if (a === true || b === true) return true
  return a === null || b === null ? null : false
}

function not(a: boolean | null): boolean | null {
  return a === null ? null : !a
}
