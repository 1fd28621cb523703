import { stat } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { RecordBatch } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DeltaTable, isDeltaError, Lake } from '../../src/index.js'
import { arrowRows } from './arrow-rows.js'
import { conformanceCases, conformanceFolder, type ExpectedVersion } from './conformance-cases.js'
import { duckdbRows } from './duckdb-rows.js'
import type { PlainRows } from './plain-value.js'
import { rowDifference } from './row-difference.js'
import { Scoreboard } from './scoreboard.js'

/**
 * Public tables of other implementations with the rows that readers must give: the latest version and each older one
 * that is listed, through the Arrow path and the SQL path. README.md in this folder says where they come from.
 */
const present = await stat(conformanceFolder).then(
  () => true,
  () => false,
)
const cases = present ? await conformanceCases() : []

describe.runIf(present)('conformance', () => {
  const scoreboard = new Scoreboard()
  let instance: DuckDBInstance
  let oracle: DuckDBConnection
  let lake: Lake

  beforeAll(async () => {
    instance = await DuckDBInstance.create()
    oracle = await instance.connect()
    lake = new Lake({ memory: '1GB' })
  })

  afterAll(async () => {
    oracle.closeSync()
    instance.closeSync()
    await lake.close()
    console.log(scoreboard.text())
  })

  const paths = { scan, query }

  describe.each(cases.map((one) => [one.key, one] as const))(
    '%s',
    (key, { table, expect: answer, versions, unreadable, changes }) => {
      it.runIf(changes !== undefined)('changes gives what happened to the rows', async () => {
        if (changes === undefined) return
        score('changes', key)
        const { from, to, rows, schema } = changes
        const names = schema.fields.map(({ name }) => name)
        const actual = await arrowRows((await DeltaTable.open(table)).changes({ from, to }), names)
        // Times of files do not outlive an archive.
        const lasting = { ...schema, fields: schema.fields.filter(({ name }) => name !== '_commit_timestamp') }
        const found = rowDifference(await duckdbRows(oracle, rows), withoutColumn(actual, '_commit_timestamp'), lasting)
        if (found !== undefined) expect.fail(found)
      })
      for (const [path, read] of Object.entries(paths)) {
        if (answer === 'error') {
          it(`${path} refuses the table with an error that says why`, async () => {
            score(path, key)
            expect(await failureOf(read(table, undefined))).toSatisfy(isDeltaError)
          })
        }
        it.each(unreadable)(`${path} gives rows of version %i, or an error that says why`, async (version) => {
          score(path, key)
          const failure = await failureOf(read(table, version))
          if (failure !== undefined) expect(failure).toSatisfy(isDeltaError)
        })
        for (const expected of versions) {
          const name = expected.version === undefined ? 'the latest version' : `version ${expected.version}`
          it(`${path} gives the rows of ${name}`, async () => {
            score(path, key)
            const found = await difference(expected, await read(table, expected.version))
            if (found !== undefined) expect.fail(found)
          })
        }
      }
    },
  )

  function score(path: string, key: string): void {
    onTestFinished(({ task }) => scoreboard.add(key, path, task.result?.state === 'pass'))
  }

  async function difference(
    expected: ExpectedVersion,
    batches: AsyncIterable<RecordBatch>,
  ): Promise<string | undefined> {
    const actual = await arrowRows(
      batches,
      expected.schema?.fields.map((field) => field.name),
    )
    if (expected.rows === undefined || expected.schema === undefined) {
      return actual.rows.length === expected.rowCount
        ? undefined
        : `${actual.rows.length} rows, expected ${expected.rowCount}`
    }
    return rowDifference(await duckdbRows(oracle, expected.rows), actual, expected.schema)
  }

  async function scan(path: string, version: number | undefined): Promise<AsyncIterable<RecordBatch>> {
    return (await opened(path, version)).scan()
  }

  async function query(path: string, version: number | undefined): Promise<AsyncIterable<RecordBatch>> {
    const result = await lake.query('SELECT * FROM t', { tables: { t: await opened(path, version) } })
    return result.batches()
  }
})

function withoutColumn({ columns, rows }: PlainRows, name: string): PlainRows {
  const left = columns.indexOf(name)
  const keep = <T>(values: readonly T[]): T[] => values.filter((_, i) => i !== left)
  return { columns: keep(columns), rows: rows.map(keep) }
}

/** What reading to the end ended with. */
async function failureOf(batches: Promise<AsyncIterable<RecordBatch>>): Promise<unknown> {
  try {
    for await (const batch of await batches) void batch.numRows
    return undefined
  } catch (error) {
    return error
  }
}

async function opened(path: string, version: number | undefined): Promise<DeltaTable> {
  const table = await DeltaTable.open(path)
  return version === undefined ? table : table.at({ version })
}
