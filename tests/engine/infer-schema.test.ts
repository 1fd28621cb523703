import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.js'
import type { FileFormat, QueryEngine } from '../../src/engine/query-engine.js'
import { schemaText } from '../../src/schema/type-text.js'

let folder: string
let engine: QueryEngine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakewright-test-'))
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20, threads: 2 })
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** The schema that is found, and how many rows load into a table of it: what is found must load. */
async function found(format: FileFormat, ...paths: string[]): Promise<{ schema: string; rows: number }> {
  const schema = await engine.inferSchema(paths, format)
  const written = await engine.loadFiles(paths, format, { schema, partitionColumns: [], configuration: {} })
  return { schema: schemaText(schema), rows: written.reduce((rows, { numRows }) => rows + numRows, 0) }
}

describe('the schema of CSV files', () => {
  test.each([
    ['dates of another form are text', 'd,e\n01/02/2026,13/02/2026\n', 'd STRING, e STRING', 1],
    ['another delimiter than a comma', 'a;b\n1,5;2\n', 'a STRING, b BIGINT', 1],
    ['a mark of the byte order', '\ufeffa,b\n1,2\n', 'a BIGINT, b BIGINT', 1],
    ['a header alone', 'a,b\n', 'a STRING, b STRING', 0],
    ['columns without a value', 'a,b\n,1\n,2\n', 'a STRING, b BIGINT', 2],
    ['integers that BIGINT does not hold', 'a\n12345678901234567890\n1\n', 'a DECIMAL(38,0)', 2],
    ['more digits than a double keeps', 'a,b\n1.1,0.12345678901234567890\n', 'a DOUBLE, b STRING', 1],
    ['a number beyond a double', 'a\n1e400\n', 'a STRING', 1],
    ['leading zeros', 'a,b\n00123,0.5\n', 'a STRING, b DOUBLE', 1],
    ['numbers that are none', 'a\nnan\n-inf\n', 'a DOUBLE', 2],
    ['line breaks and quotes in quotes', 'a,b\n"x\ny ""z""",1\n', 'a STRING, b BIGINT', 1],
    ['booleans', 'a,b\ntrue,t\nFALSE,f\n', 'a BOOLEAN, b STRING', 2],
    [
      'instants with and without a zone',
      'a,b\n2026-01-01T00:00:00+02:00,2026-01-01\n2026-01-01 10:00,2026-01-02 10:00\n',
      'a TIMESTAMP, b TIMESTAMP_NTZ',
      2,
    ],
    ['digits beyond microseconds', 'a\n2026-01-01 00:00:00.123456789\n', 'a STRING', 1],
    ['a time of day', 'a,b\n10:30:00,2026-02-30\n', 'a STRING, b STRING', 1],
  ])('%s', async (_, text, schema, rows) => {
    expect(await found('csv', await file('a.csv', text))).toEqual({ schema, rows })
  })

  test('fits rows that come late', async () => {
    const path = await file('late.csv', `a,b\n${'1,2\n'.repeat(250_000)}1.5,x\n`)
    expect(await found('csv', path)).toEqual({ schema: 'a DOUBLE, b STRING', rows: 250_001 })
  })

  test('is that of all files, whatever the order of their columns', async () => {
    const files = [await file('1.csv', 'a,b\n1,2\n'), await file('2.csv', 'b,c\n2.5,x\n'), await file('3.csv', '')]
    expect(await found('csv', ...files)).toEqual({ schema: 'a BIGINT, b DOUBLE, c STRING', rows: 2 })
  })

  test('is found in files that are packed, whatever they are called', async () => {
    const packed = gzipSync('a,b\n1,"x\n2"\n')
    for (const name of ['a.csv.gz', 'packed.csv']) {
      expect(await found('csv', await file(name, packed))).toEqual({ schema: 'a BIGINT, b STRING', rows: 1 })
    }
    const cut = await file('cut.csv.gz', packed.subarray(0, 20))
    await expect(engine.inferSchema([cut], 'csv')).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('cut.csv.gz'),
    })
    const zstd = await file('a.csv.zst', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0))
    await expect(engine.inferSchema([zstd], 'csv')).rejects.toMatchObject({ message: expect.stringContaining('zstd') })
  })

  test.each([
    ['an empty file', '', /no header/],
    ['a blank line', '\n', /line 1: the header has no name for column 1/],
    ['a column without a name', 'a,,c\n1,2,3\n', /line 1: the header has no name for column 2/],
    ['a name that is there twice', 'a,a\n1,2\n', /line 1: the header names column a twice/],
    ['a row of too few fields', 'a,b\n1,2\n3\n', /bad\.csv, line 3/],
    ['a quote that never ends', 'a,b\n1,"x\n2,3\n', /bad\.csv, line 2/],
    ['a line before the header', '# comment\na,b\n1,2\n', /bad\.csv, line 2/],
  ])('is not made up for %s', async (_, text, message) => {
    const path = await file('bad.csv', text)
    await expect(engine.inferSchema([path], 'csv')).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringMatching(message),
    })
  })
})

describe('the schema of NDJSON files', () => {
  test.each([
    [
      'dates of another form are text',
      '{"d":"01-02-2026","e":["01-02-2026"],"f":["2026-01-01"]}\n',
      'd STRING, e ARRAY<STRING>, f ARRAY<DATE>',
      1,
    ],
    [
      'instants with a zone are instants',
      '{"a":"2026-01-01T00:00:00+02:00","b":[{"t":"2026-01-02T10:00:00Z"}]}\n',
      'a TIMESTAMP, b ARRAY<STRUCT<t: TIMESTAMP>>',
      1,
    ],
    [
      'others have none',
      '{"a":"2026-01-01T00:00:00","b":{"t":["2026-01-02T10:00:00"]}}\n',
      'a TIMESTAMP_NTZ, b STRUCT<t: ARRAY<TIMESTAMP_NTZ>>',
      1,
    ],
    ['values of several kinds are text', '{"a":1,"b":true}\n\n{"a":"x","b":1}\n', 'a STRING, b STRING', 2],
    ['nulls alone are text', '{"a":null,"b":1}\n', 'a STRING, b BIGINT', 1],
  ])('%s', async (_, text, schema, rows) => {
    expect(await found('ndjson', await file('a.ndjson', text))).toEqual({ schema, rows })
  })

  test.each([
    ['an empty file', '', /no JSON object/],
    ['a list', '[1,2]\n', /one JSON object/],
    ['a line that is no JSON', '{"a":1}\n\n{bad}\n', /bad\.ndjson, line 3: this is not JSON/],
    ['a document over several lines', '[{"a":1},\n{"a":2}]\n', /bad\.ndjson, line 1: this is not JSON/],
    ['an empty key', '{"":1}\n', /key is empty/],
    ['a key that is there twice', '{"a":1,"a":2}\n', /bad\.ndjson, line 1: .*duplicate key "a"/],
    ['a key that is there twice, but for case', '{"a":1,"A":2}\n', /key A is there twice/],
  ])('is not made up for %s', async (_, text, message) => {
    const path = await file('bad.ndjson', text)
    await expect(engine.inferSchema([path], 'ndjson')).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringMatching(message),
    })
  })
})
