import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type RecordBatch, tableFromArrays } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toIpc } from '../../src/arrow/ipc.js'
import type { WriteTarget, WrittenFile } from '../../src/data-files/write-target.js'
import { openEngine } from '../../src/engine/open-engine.js'
import type { FileFormat, QueryEngine } from '../../src/engine/query-engine.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { schemaText } from '../../src/schema/type-text.js'

let folder: string
let tempDirectory: string
let engine: QueryEngine
let duckdb: DuckDBInstance
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakewright-test-'))
  tempDirectory = await mkdtemp(join(tmpdir(), 'lakewright-test-'))
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20, threads: 2, tempDirectory })
  duckdb = await DuckDBInstance.create(':memory:')
})
afterAll(async () => {
  await engine.close()
  duckdb.closeSync()
  await rm(folder, { recursive: true })
  await rm(tempDirectory, { recursive: true })
})

async function run(sql: string): Promise<unknown[]> {
  const connection = await duckdb.connect()
  await connection.run("SET TimeZone = 'UTC'")
  const reader = await connection.runAndReadAll(sql)
  connection.closeSync()
  return reader.getRowObjectsJson()
}

async function textFile(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

async function parquetFile(name: string, select: string): Promise<string> {
  const path = join(folder, name)
  await run(`COPY (${select}) TO '${path}' (FORMAT parquet)`)
  return path
}

const target = (schema: string, more: Partial<WriteTarget> = {}): WriteTarget => ({
  schema: parseSchemaText(schema),
  partitionColumns: [],
  configuration: {},
  ...more,
})

/** The rows of the files written, as texts, partition values among them. */
async function rowsOf(files: readonly WrittenFile[], columns = '*'): Promise<unknown[]> {
  const rows: unknown[] = []
  for (const file of files) {
    const found = await run(
      `SELECT ${columns === '*' ? 'COLUMNS(*)::VARCHAR' : columns} FROM read_parquet('${file.localPath}', hive_partitioning = false)`,
    )
    rows.push(...found.map((row) => ({ ...(row as object), ...file.partitionValues })))
  }
  return rows
}

describe('CSV files are loaded', () => {
  test('by the names in their headers, into the types of the table, without loss', async () => {
    const csv = await textFile(
      'a.csv',
      'Price;id;name;day;at;local;ratio;ok\r\n1.50;1;"a; ""b""";2020-01-01;2020-01-01T00:00:00+02:00;2020-01-01 10:00:00.123456;1e3;true\r\n;2;;;;;nan;\r\n3;3.0;"";1969-12-31;2020-01-01;;-0.1;false\r\n',
    )
    const schema =
      'id BIGINT NOT NULL, name STRING, price DECIMAL(5,2), day DATE, at TIMESTAMP, local TIMESTAMP_NTZ, ratio DOUBLE, ok BOOLEAN, missing INT'
    const files = await engine.loadFiles([csv], 'csv', target(schema))
    expect(await rowsOf(files)).toEqual([
      {
        id: '1',
        name: 'a; "b"',
        price: '1.50',
        day: '2020-01-01',
        at: '2019-12-31 22:00:00+00',
        local: '2020-01-01 10:00:00.123456',
        ratio: '1000.0',
        ok: 'true',
        missing: null,
      },
      { id: '2', name: null, price: null, day: null, at: null, local: null, ratio: 'nan', ok: null, missing: null },
      {
        id: '3',
        name: '',
        price: '3.00',
        day: '1969-12-31',
        at: '2020-01-01 00:00:00+00',
        local: null,
        ratio: '-0.1',
        ok: 'false',
        missing: null,
      },
    ])
    expect(files.map(({ numRows }) => numRows)).toEqual([3])
  })

  test('together, though their columns come in different orders', async () => {
    const one = await textFile('one.csv', 'id,name\n1,a\n')
    const two = await textFile('two.csv', 'name,id\nb,2\n')
    const files = await engine.loadFiles([one, two], 'csv', target('id INT, name STRING'))
    expect(await rowsOf(files)).toEqual([
      { id: '1', name: 'a' },
      { id: '2', name: 'b' },
    ])
  })

  test.each([
    [
      'a word in a number',
      'id,name\n1,a\n"x\ny",b\n',
      'InvalidInput',
      /bad\.csv, line 3: column id: "x\\ny" is no INT/,
    ],
    ['a fraction in an integer', 'id,name\n1,a\n1.5,b\n', 'InvalidInput', /line 3: column id/],
    [
      'an integer out of range',
      'id,name\n"1","a\nb"\n2147483648,c\n',
      'SchemaMismatch',
      /line 4: column id: expected INT, got "2147483648"/,
    ],
    [
      'a null in a column that has none',
      'id,name\n1,a\n,b\n',
      'SchemaMismatch',
      /line 3: column id: expected INT NOT NULL, got null/,
    ],
    ['too many fields', 'id,name\n1,a\n2,b,c\n', 'InvalidInput', /bad\.csv.*line 3/i],
    ['too few fields', 'id,name\n1,a\n2\n', 'InvalidInput', /bad\.csv.*line 3/i],
    ['a quote that never ends', 'id,name\n1,a\n2,"b\n', 'InvalidInput', /bad\.csv/],
    [
      'a column that the table lacks',
      'id,name,extra\n1,a,2\n',
      'SchemaMismatch',
      /Column extra: expected one of the columns id, name, got/,
    ],
    ['no column for one that must be there', 'name\na\n', 'SchemaMismatch', /id.*INT NOT NULL/],
    ['no text in UTF-8', Buffer.from([...Buffer.from('id,name\n1,'), 0xff, 0xfe, 0x0a]), 'InvalidInput', /bad\.csv/],
  ])('not where there is %s', async (_, text, code, message) => {
    const path = join(folder, 'bad.csv')
    await writeFile(path, text)
    const before = await readdir(tempDirectory, { recursive: true })
    await expect(engine.loadFiles([path], 'csv', target('id INT NOT NULL, name STRING'))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
    expect(await readdir(tempDirectory, { recursive: true })).toEqual(before)
  })

  test.each([
    ['DECIMAL(5,2)', '1.239', 'SchemaMismatch'],
    ['DECIMAL(5,2)', '1234.5', 'SchemaMismatch'],
    ['DECIMAL(5,2)', '1.2e-3', 'SchemaMismatch'],
    ['DATE', '2020-01-01 10:00:00', 'SchemaMismatch'],
    ['DATE', '2020-02-30', 'InvalidInput'],
    ['TIMESTAMP', '2020-01-01 00:00:00.1234567', 'SchemaMismatch'],
    ['TIMESTAMP_NTZ', '2020-01-01T00:00:00Z', 'SchemaMismatch'],
    ['TIMESTAMP_NTZ', '2020-01-01T00:00:00+02:00', 'SchemaMismatch'],
    ['TINYINT', '128', 'SchemaMismatch'],
    ['BIGINT', '9223372036854775808', 'SchemaMismatch'],
    ['FLOAT', '1e39', 'SchemaMismatch'],
    ['BOOLEAN', 'maybe', 'InvalidInput'],
    ['BINARY', 'no base64', 'InvalidInput'],
  ])('a %s is not cut to fit: %s', async (type, text, code) => {
    const path = await textFile('cut.csv', `v\n"${text}"\n`)
    await expect(engine.loadFiles([path], 'csv', target(`v ${type}`))).rejects.toMatchObject({ code })
  })

  test.each([
    ['DECIMAL(5,2)', '1.2300', '1.23'],
    ['DECIMAL(5,2)', '1.2e1', '12.00'],
    ['BIGINT', ' 7 ', '7'],
    ['BIGINT', '-9223372036854775808', '-9223372036854775808'],
    ['TIMESTAMP', '2020-01-01 00:00:00.123456000', '2020-01-01 00:00:00.123456+00'],
    ['TIMESTAMP_NTZ', '2020-01-01', '2020-01-01 00:00:00'],
    ['DOUBLE', 'inf', 'inf'],
    ['BINARY', 'AAH/', '\\x00\\x01\\xFF'],
    ['BINARY', '', ''],
  ])('a %s takes %s', async (type, text, value) => {
    const path = await textFile('fits.csv', `v\n"${text}"\n`)
    expect(await rowsOf(await engine.loadFiles([path], 'csv', target(`v ${type}`)))).toEqual([{ v: value }])
  })
})

describe('NDJSON files are loaded', () => {
  test('with nested values, digits kept, missing keys null', async () => {
    const path = await textFile(
      'a.ndjson',
      [
        '{"id": 9007199254740993, "s": {"x": 1, "y": [{"z": "2020-01-01"}]}, "m": {"k": 1.5, "l": null}, "d": "12345678901234567890.123", "t": "2020-01-01T00:00:00Z", "n": "n"}',
        '{"ID": "7", "s": null, "d": 1.25}',
        '',
        '{"id": 8, "s": {}, "m": {}}',
      ].join('\n'),
    )
    const schema =
      'id BIGINT, s STRUCT<x: INT, y: ARRAY<STRUCT<z: DATE>>>, m MAP<STRING, DOUBLE>, d DECIMAL(38,10), t TIMESTAMP, n STRING'
    await expect(engine.loadFiles([path], 'ndjson', target(schema))).rejects.toMatchObject({ code: 'SchemaMismatch' })
    const plain = await textFile('b.ndjson', (await readText(path)).replace('"ID"', '"id"'))
    expect(await rowsOf(await engine.loadFiles([plain], 'ndjson', target(schema)))).toEqual([
      {
        id: '9007199254740993',
        s: "{'x': 1, 'y': [{'z': 2020-01-01}]}",
        m: '{k=1.5, l=NULL}',
        d: '12345678901234567890.1230000000',
        t: '2020-01-01 00:00:00+00',
        n: 'n',
      },
      { id: '7', s: null, m: null, d: '1.2500000000', t: null, n: null },
      { id: '8', s: "{'x': NULL, 'y': NULL}", m: '{}', d: null, t: null, n: null },
    ])
  })

  test.each([
    ['a key that the table lacks', '{"id": 1}\n{"id": 2, "more": 3}\n', 'SchemaMismatch', /more/],
    ['an inner key that the table lacks', '{"id": 1, "s": {"x": 1, "zz": 2}}\n', 'SchemaMismatch', /s\.zz/],
    ['a line that is cut', '{"id": 1}\n{"id": 2\n', 'InvalidInput', /bad\.ndjson, line 2: this is not JSON/],
    [
      'a bad value after a blank line',
      '{"id": 1}\n\n{"id": "x"}\n',
      'InvalidInput',
      /line 3: column id: "x" is no INT/,
    ],
    ['bytes that are no base64', '{"id": 1}\n{"id": 1, "b": "A%%"}\n', 'InvalidInput', /line 2: column b: .*base64/],
    ['a value of another kind', '{"id": 1}\n{"id": "x"}\n', 'InvalidInput', /line 2: column id: "x" is no INT/],
    [
      'an inner value of another kind',
      '{"id": 1, "l": [1, "x"]}\n',
      'InvalidInput',
      /line 1: column l\.element: "x" is no INT/,
    ],
    ['an object where a list belongs', '{"id": 1}\n{"id": 1, "l": {"a": 1}}\n', 'InvalidInput', /line 2/],
    [
      'null in an inner field that has none',
      '{"id": 1, "s": {"x": null}}\n',
      'SchemaMismatch',
      /column s\.x: expected INT NOT NULL/,
    ],
    ['no object on a line', '[1]\n', 'InvalidInput', /JSON object/],
    [
      'a number with more digits than a double keeps',
      '{"id": 1, "d": 1234567890123456.789}\n',
      'SchemaMismatch',
      /column d/,
    ],
  ])('not where there is %s', async (_, text, code, message) => {
    const path = await textFile('bad.ndjson', text)
    const schema = 'id INT, s STRUCT<x: INT NOT NULL>, l ARRAY<INT>, d DECIMAL(30,3), b BINARY'
    await expect(engine.loadFiles([path], 'ndjson', target(schema))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })
})

describe('Parquet files are loaded', () => {
  test('widened, with zones, and of several schemas at once', async () => {
    const one = await parquetFile(
      'one.parquet',
      "SELECT 1::TINYINT AS id, TIMESTAMP '2020-01-01 00:00:00' AS at, 1.5::FLOAT AS f, {'x': 1} AS s, 'u' AS u",
    )
    const two = await parquetFile(
      'two.parquet',
      "SELECT {'y': 'why', 'x': 2::BIGINT} AS S, 3000000000::UINTEGER AS id, TIMESTAMPTZ '2020-01-01 00:00:00+01' AS at, UUID '00112233-4455-6677-8899-aabbccddeeff' AS u",
    )
    const files = await engine.loadFiles(
      [one, two],
      'parquet',
      target('id BIGINT, at TIMESTAMP, f DOUBLE, s STRUCT<x: BIGINT, y: STRING>, u STRING'),
    )
    expect(await rowsOf(files)).toEqual([
      { id: '1', at: '2020-01-01 00:00:00+00', f: '1.5', s: "{'x': 1, 'y': NULL}", u: 'u' },
      {
        id: '3000000000',
        at: '2019-12-31 23:00:00+00',
        f: null,
        s: "{'x': 2, 'y': why}",
        u: '00112233-4455-6677-8899-aabbccddeeff',
      },
    ])
  })

  test.each([
    ['4000000000::BIGINT', 'INT', 'SchemaMismatch', /row 1: column v: expected INT, got "4000000000"/],
    ['1.5::DOUBLE', 'BIGINT', 'SchemaMismatch', /"1.5"/],
    ['0.1::DOUBLE', 'FLOAT', 'SchemaMismatch', /0\.1/],
    ['1.239::DECIMAL(5,3)', 'DECIMAL(5,2)', 'SchemaMismatch', /1\.239/],
    ["'7'", 'INT', 'SchemaMismatch', /expected INT, got VARCHAR/],
    ['7', 'STRING', 'SchemaMismatch', /expected STRING, got INTEGER/],
    ["TIMESTAMPTZ '2020-01-01 00:00:00+00'", 'TIMESTAMP_NTZ', 'SchemaMismatch', /TIMESTAMP/],
    ["TIMESTAMP_NS '2020-01-01 00:00:00.000000001'", 'TIMESTAMP', 'SchemaMismatch', /column v/],
    ["TIMESTAMP '2020-01-01 10:00:00'", 'DATE', 'SchemaMismatch', /column v/],
    ['[1, NULL]', 'ARRAY<INT NOT NULL>', 'SchemaMismatch', /column v\.element: expected INT NOT NULL, got null/],
    ['[1, 300]', 'ARRAY<TINYINT>', 'SchemaMismatch', /column v\.element: expected TINYINT, got "300"/],
    ["MAP {'a': {'x': 1.5}}", 'MAP<STRING, STRUCT<x: INT>>', 'SchemaMismatch', /column v\.value\.x/],
    ["{'x': 1}", 'STRUCT<y: INT>', 'SchemaMismatch', /v\.x/],
    ["{'x': 1}", 'INT', 'SchemaMismatch', /STRUCT/],
    ['NULL::INT', 'INT NOT NULL', 'SchemaMismatch', /column v: expected INT NOT NULL, got null/],
  ])('%s is refused for %s', async (value, type, code, message) => {
    const path = await parquetFile('refused.parquet', `SELECT ${value} AS v`)
    await expect(engine.loadFiles([path], 'parquet', target(`v ${type}`))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test.each([
    ['5::DOUBLE', 'BIGINT', '5'],
    ['0.5::DOUBLE', 'FLOAT', '0.5'],
    ['0.1::DOUBLE', 'DECIMAL(5,2)', '0.10'],
    ['1.230::DECIMAL(5,3)', 'DECIMAL(4,2)', '1.23'],
    ["TIMESTAMP_NS '2020-01-01 00:00:00.000001000'", 'TIMESTAMP_NTZ', '2020-01-01 00:00:00.000001'],
    ["DATE '2020-01-01'", 'TIMESTAMP', '2020-01-01 00:00:00+00'],
    ['NULL::STRUCT(x INT)', 'STRUCT<x: INT>', null],
    ['[[1], NULL]', 'ARRAY<ARRAY<BIGINT>>', '[[1], NULL]'],
    ["MAP {'a': 1}", 'MAP<STRING, BIGINT NOT NULL>', '{a=1}'],
  ])('%s fits %s', async (value, type, text) => {
    const path = await parquetFile('fits.parquet', `SELECT ${value} AS v`)
    expect(await rowsOf(await engine.loadFiles([path], 'parquet', target(`v ${type}`)))).toEqual([{ v: text }])
  })

  test('not where the file is damaged, or gone', async () => {
    const path = await textFile('damaged.parquet', 'PAR1 this is no Parquet file PAR1')
    await expect(engine.loadFiles([path], 'parquet', target('v INT'))).rejects.toMatchObject({
      code: 'CorruptData',
      message: expect.stringContaining('damaged.parquet'),
    })
    await expect(engine.loadFiles([join(folder, 'gone.parquet')], 'parquet', target('v INT'))).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('gone.parquet'),
    })
  })
})

describe('Arrow IPC files are loaded', () => {
  const batches = tableFromArrays({ id: Int32Array.of(1, 2, 3), name: ['a', 'b', null] }).batches as RecordBatch[]

  test.each(['stream', 'file'] as const)('from the %s format', async (format) => {
    const path = join(folder, `a.${format}`)
    await writeFile(path, toIpc((batches[0] as RecordBatch).schema, batches, format))
    expect(await rowsOf(await engine.loadFiles([path], 'arrow', target('id BIGINT, name STRING')))).toEqual([
      { id: '1', name: 'a' },
      { id: '2', name: 'b' },
      { id: '3', name: null },
    ])
    expect(schemaText(await engine.inferSchema([path], 'arrow'))).toBe('id INT, name STRING')
  })

  test('not where they are none', async () => {
    const path = await textFile('bad.arrow', 'hello')
    await expect(engine.loadFiles([path], 'arrow', target('id BIGINT'))).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('bad.arrow'),
    })
  })
})

describe('files are written', () => {
  test('one set for each partition, values serialised, whatever they hold', async () => {
    const path = await parquetFile(
      'parts.parquet',
      `SELECT i AS id, [NULL, '', 'a b', 'ü/=%', 'v', 'n'][1 + i % 6] AS p, [DATE '1969-12-31', NULL][1 + i % 2] AS d, TIMESTAMPTZ '2020-01-01 00:00:00.000001+00' AS t, ['1.5', 'nan', '-inf'][1 + i % 3]::DOUBLE AS f
       FROM range(36) r(i)`,
    )
    const files = await engine.loadFiles(
      [path],
      'parquet',
      target('id BIGINT, p STRING, d DATE, t TIMESTAMP, f DOUBLE', { partitionColumns: ['p', 'd', 't', 'f'] }),
    )
    const values = new Set(files.map(({ partitionValues }) => JSON.stringify(partitionValues)))
    expect(values.size).toBe(files.length)
    expect(values).toContain(JSON.stringify({ p: 'ü/=%', d: null, t: '2020-01-01T00:00:00.000001Z', f: '1.5' }))
    expect(new Set(files.map((file) => file.partitionValues.p))).toEqual(new Set([null, 'a b', 'ü/=%', 'v', 'n']))
    expect(new Set(files.map((file) => file.partitionValues.f))).toEqual(new Set(['1.5', 'NaN', '-Infinity']))
    const rows = (await rowsOf(files)) as { id: string; p: string | null }[]
    expect(rows.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(Array.from({ length: 36 }, (_, i) => i))
    expect(rows.every(({ id, p }) => p === [null, null, 'a b', 'ü/=%', 'v', 'n'][Number(id) % 6])).toBe(true)
  })

  test('of about the target size, in small row groups, in order', async () => {
    const path = await parquetFile(
      'order.parquet',
      "SELECT i AS id, md5(i::VARCHAR) AS pad, 'x' AS p FROM range(200000) t(i)",
    )
    for (const partitionColumns of [[], ['p']]) {
      const files = await engine.loadFiles(
        [path],
        'parquet',
        target('id BIGINT, pad STRING, p STRING', {
          partitionColumns,
          targetFileSize: 2_000_000,
          rowGroupRows: 10_000,
        }),
      )
      expect(files.length).toBeGreaterThan(2)
      expect(files.every(({ size }) => size < 4_000_000)).toBe(true)
      const ids = ((await rowsOf(files, 'id')) as { id: string }[]).map(({ id }) => Number(id))
      // Partitions are written in parallel.
      if (partitionColumns.length > 0) ids.sort((a, b) => a - b)
      expect(ids.every((id, i) => id === i)).toBe(true)
      expect(ids.length).toBe(200_000)
      const [groups] = (await run(
        `SELECT max(row_group_num_rows) AS rows FROM parquet_metadata('${files[0]?.localPath}')`,
      )) as { rows: string }[]
      expect(Number(groups?.rows)).toBeLessThanOrEqual(10_240)
    }
  })

  test('within little memory, though there are many partitions', async () => {
    const path = await parquetFile(
      'many.parquet',
      'SELECT i AS id, md5(i::VARCHAR) || md5((-i)::VARCHAR) AS pad, (i * 7919 % 1500)::INTEGER AS p FROM range(300000) t(i)',
    )
    const small = await openEngine({ memoryBytes: 100 * 2 ** 20, threads: 2 })
    try {
      const files = await small.loadFiles(
        [path],
        'parquet',
        target('id BIGINT, pad STRING, p INT', { partitionColumns: ['p'] }),
      )
      expect(files.reduce((rows, { numRows }) => rows + numRows, 0)).toBe(300_000)
      expect(new Set(files.map((file) => file.partitionValues.p)).size).toBe(1500)
    } finally {
      await small.close()
    }
  })

  test('with physical names and field ids where columns are mapped', async () => {
    const path = await parquetFile('mapped.parquet', "SELECT 1 AS id, {'x': 2} AS s, [{'k': 3}] AS l, 'q' AS p")
    const mapped = (name: string, id: number, dataType: object) => ({
      name,
      dataType,
      nullable: true,
      metadata: { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': `col-${id}` },
    })
    const integer = { type: 'integer' }
    const schema = {
      type: 'struct',
      fields: [
        mapped('id', 1, integer),
        mapped('s', 2, { type: 'struct', fields: [mapped('x', 3, integer)] }),
        mapped('l', 4, {
          type: 'array',
          elementType: { type: 'struct', fields: [mapped('k', 5, integer)] },
          containsNull: true,
        }),
        mapped('p', 6, { type: 'string' }),
      ],
    } as WriteTarget['schema']
    const files = await engine.loadFiles([path], 'parquet', {
      schema,
      partitionColumns: ['p'],
      configuration: { 'delta.columnMapping.mode': 'name' },
    })
    expect(files.map(({ partitionValues }) => partitionValues)).toEqual([{ p: 'q' }])
    const found = (await run(
      `SELECT name, field_id FROM parquet_schema('${files[0]?.localPath}') WHERE field_id IS NOT NULL ORDER BY field_id`,
    )) as object[]
    expect(found).toEqual([1, 2, 3, 4, 5].map((id) => ({ name: `col-${id}`, field_id: String(id) })))
  })

  test('with timestamps as Delta has them, and bounds in their footers', async () => {
    const path = await parquetFile(
      'bounds.parquet',
      "SELECT TIMESTAMPTZ '2020-01-01 00:00:00+00' AS z, TIMESTAMP '2020-01-01' AS n, repeat('long ', 100) AS t, 1.5::DECIMAL(38,2) AS d",
    )
    const [file] = await engine.loadFiles(
      [path],
      'parquet',
      target('z TIMESTAMP, n TIMESTAMP_NTZ, t STRING, d DECIMAL(38,2)'),
    )
    const types = (await run(
      `SELECT name, logical_type FROM parquet_schema('${file?.localPath}') WHERE name IN ('z', 'n') ORDER BY name`,
    )) as { logical_type: string }[]
    expect(types.map(({ logical_type }) => logical_type)).toEqual([
      expect.stringMatching(/isAdjustedToUTC=0.*MICROS/),
      expect.stringMatching(/isAdjustedToUTC=1.*MICROS/),
    ])
    const bounds = (await run(
      `SELECT path_in_schema AS name, stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL AS known, compression FROM parquet_metadata('${file?.localPath}')`,
    )) as object[]
    expect(bounds).toEqual(['z', 'n', 't', 'd'].map((name) => ({ name, known: true, compression: 'SNAPPY' })))
  })
})

test.each<[FileFormat, string, string]>([
  [
    'csv',
    'a,b,c,d,e\n1,x,1.5,2020-01-01,2020-01-01 00:00:00\n',
    'a BIGINT, b STRING, c DOUBLE, d DATE, e TIMESTAMP_NTZ',
  ],
  ['ndjson', '{"a": 1, "b": "x", "s": {"x": [1.5]}}\n', 'a BIGINT, b STRING, s STRUCT<x: ARRAY<DOUBLE>>'],
])('the schema of %s files is found out', async (format, text, schema) => {
  expect(schemaText(await engine.inferSchema([await textFile(`infer.${format}`, text)], format))).toBe(schema)
})

test('the schema of Parquet files is that of all of them', async () => {
  const files = [
    await parquetFile(
      'i1.parquet',
      "SELECT 1::INTEGER AS a, 1::UBIGINT AS u, TIMESTAMPTZ '2020-01-01 00:00:00+00' AS t",
    ),
    await parquetFile('i2.parquet', "SELECT 1::BIGINT AS a, TIME '10:00:00' AS more"),
  ]
  expect(schemaText(await engine.inferSchema(files, 'parquet'))).toBe(
    'a BIGINT, u DECIMAL(20,0), t TIMESTAMP, more STRING',
  )
})

async function readText(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return readFile(path, 'utf8')
}
