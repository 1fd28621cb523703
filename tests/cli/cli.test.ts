import { existsSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'
import { openLocal, type Place } from '../table/places.js'
import { commandLine } from './command-line.js'

let place: Place & { readonly folder: string }
let csv: string
let table: string
beforeAll(async () => {
  place = await openLocal()
  csv = join(place.folder, 'events.csv')
  await writeFile(csv, 'id,kind,at\n1,a,2026-01-01T00:00:00Z\n2,b,2026-01-02T00:00:00Z\n9007199254740993,,\n')
})
afterAll(() => place.close())
beforeEach(() => {
  table = place.url()
})

const created = (...options: string[]): ReturnType<typeof commandLine> =>
  commandLine(['append', table, csv, '--create', ...options])

describe('the command line', () => {
  it('creates, appends, reads and tells the history', async () => {
    const create = await commandLine([
      ...['create', table, '--schema', 'id BIGINT NOT NULL, kind STRING, at TIMESTAMP', '--partition-by', 'kind'],
      ...['--property', 'delta.checkpointInterval=5', '--property', 'owner=me=you', '--name', 'events'],
    ])
    expect(create).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('version 0') })
    expect(await commandLine(['append', table, csv])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^WRITE: version 1\nnumFiles +3\nnumOutputRows +3\n/),
    })
    const read = await commandLine(['read', table, '--where', "kind = 'a'", '--columns', 'kind,id'])
    expect(read).toMatchObject({ code: 0, stdout: 'kind  id\n----  --\na      1\n', stderr: '1 row\n' })
    const detail = (await commandLine(['detail', table, '--json'])).json()
    expect(detail).toMatchObject({
      name: 'events',
      numFiles: 3,
      partitionColumns: ['kind'],
      properties: { 'delta.checkpointInterval': '5', owner: 'me=you' },
    })
    const history = await commandLine(['history', table, '--json', '--limit', '1'])
    expect(history.json()).toMatchObject([{ version: 1, operation: 'WRITE', operationMetrics: { numOutputRows: '3' } }])
    expect((await commandLine(['history', table])).stdout).toContain('CREATE TABLE')
  })

  it('creates a table with rules, and says which row breaks one', async () => {
    const schema = "id BIGINT GENERATED ALWAYS AS IDENTITY, kind STRING, size INT DEFAULT length('none')"
    const url = place.url()
    const rules = await commandLine(['create', url, '--schema', schema, '--constraint', "known=kind <> 'b'"])
    expect(rules).toMatchObject({ code: 0, stderr: '' })
    const kinds = join(place.folder, 'kinds.csv')
    await writeFile(kinds, 'kind\na\nb\n')
    const refused = await commandLine(['append', url, kinds])
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringMatching(/known: kind <> 'b'.*kinds\.csv, line 3/) })
    await writeFile(kinds, 'kind\na\nc\n')
    expect(await commandLine(['append', url, kinds])).toMatchObject({ code: 0 })
    const read = await commandLine(['read', url, '--format', 'csv'])
    expect(read.stdout).toBe('id,kind,size\n1,a,4\n2,c,4\n')
    const unknown = await commandLine(['create', place.url(), '--schema', 'a INT', '--constraint', 'odd=is_odd(a)'])
    expect(unknown).toMatchObject({ code: 6, stderr: expect.stringContaining('is_odd()') })
  })

  it('creates a table from files, partitioned, and says what it took for granted', async () => {
    const naive = join(place.folder, 'naive.csv')
    await writeFile(naive, 'id,at\n1,2026-01-01 10:00:00\n')
    const outcome = await commandLine(['append', table, naive, '--create'])
    expect(outcome).toMatchObject({ code: 0, stderr: expect.stringContaining('timestamps of at have no zone') })
    expect((await commandLine(['read', table, '--json'])).json()).toEqual([{ id: 1, at: '2026-01-01T10:00:00.000Z' }])
    const refused = await commandLine(['append', place.url(), naive, '--create', '--naive-timestamps', 'error'])
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('SchemaMismatch') })
  })

  it.each([
    ['an empty file', 'x.csv', '', /no header/],
    ['a row of too many fields', 'x.csv', 'a,b\n1,2\n1,2,3\n', /x\.csv, line 3/],
    ['no lines of JSON', 'x.ndjson', '{"a":1}\n[1]\n', /one JSON object/],
  ])('makes no table of %s', async (_, name, text, message) => {
    const path = join(place.folder, name)
    await writeFile(path, text)
    const outcome = await commandLine(['append', table, path, '--create'])
    expect(outcome).toMatchObject({ code: 3, stderr: expect.stringMatching(message) })
    expect(await commandLine(['read', table])).toMatchObject({ code: 4 })
  })

  it('takes rows from stdin', async () => {
    const piped = ['append', table, '-', '--format', 'ndjson', '--create']
    expect((await commandLine(piped, { stdin: '{"n":1}\n{"n":2}\n' })).code).toBe(0)
    expect((await commandLine(['read', table, '--json'])).json()).toEqual([{ n: 1 }, { n: 2 }])
    expect(await commandLine(['append', table, '-'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--format'),
    })
  })

  it('loads a batch once, however often it is told to', async () => {
    await created()
    const load = ['append', table, csv, '--txn', 'a:loader:7', '--json']
    expect((await commandLine(load)).json()).toMatchObject({ version: 2 })
    expect((await commandLine(load)).json()).toMatchObject({ version: 2, skipped: true })
    const replace = ['overwrite', table, csv, '--txn', 'ns:1763942400000000001', '--json']
    expect((await commandLine(replace)).json()).toMatchObject({ version: 3 })
    expect((await commandLine(replace)).json()).toMatchObject({ version: 3, skipped: true })
  })

  const formats: readonly (readonly [format: string, text: string])[] = [
    ['csv', 'id,kind,at\n1,a,2026-01-01T00:00:00.000Z\n2,b,2026-01-02T00:00:00.000Z\n9007199254740993,,\n'],
    [
      'ndjson',
      '{"id":1,"kind":"a","at":"2026-01-01T00:00:00.000Z"}\n{"id":2,"kind":"b","at":"2026-01-02T00:00:00.000Z"}\n{"id":9007199254740993,"kind":null,"at":null}\n',
    ],
    [
      'json',
      '[\n  {"id":1,"kind":"a","at":"2026-01-01T00:00:00.000Z"},\n  {"id":2,"kind":"b","at":"2026-01-02T00:00:00.000Z"},\n  {"id":9007199254740993,"kind":null,"at":null}\n]\n',
    ],
    [
      'table',
      '              id  kind  at\n----------------  ----  ------------------------\n               1  a     2026-01-01T00:00:00.000Z\n               2  b     2026-01-02T00:00:00.000Z\n9007199254740993  NULL  NULL\n',
    ],
  ]

  it.each(formats)('prints rows as %s', async (format, text) => {
    await created()
    expect((await commandLine(['read', table, '--format', format])).stdout).toBe(text)
    const query = ['query', 'SELECT * FROM t ORDER BY id', '--table', `t=${table}`, '--format', format]
    expect((await commandLine(query)).stdout).toBe(text)
  })

  it('writes rows to files that other tables can be made of', async () => {
    await created()
    for (const ending of ['csv', 'ndjson', 'parquet', 'arrow']) {
      const file = join(place.folder, `copy.${ending}`)
      expect((await commandLine(['read', table, '-o', file])).code).toBe(0)
      const copy = place.url()
      expect(await commandLine(['append', copy, file, '--create'])).toMatchObject({ code: 0 })
      const rows = await commandLine(['read', copy, '--format', 'ndjson'])
      expect([ending, rows.stdout]).toEqual([ending, (await commandLine(['read', table, '--format', 'ndjson'])).stdout])
    }
    expect(tableFromIPC(await readFile(join(place.folder, 'copy.arrow'))).numRows).toBe(3)
  })

  it('says under --json what it wrote to a file', async () => {
    await created()
    for (const format of ['parquet', 'csv', 'json']) {
      const output = join(place.folder, `told.${format}`)
      const outcome = await commandLine(['read', table, '-o', output, '--json', '--limit', '2'])
      expect(outcome.json()).toEqual({ output, format, rows: 2 })
      const begin = (await readFile(output)).subarray(0, 4).toString()
      expect(begin).toBe({ parquet: 'PAR1', csv: 'id,k', json: '[\n  ' }[format])
    }
  })

  it('leaves the file that was there where rows cannot be written', async () => {
    await created()
    const output = join(place.folder, 'kept.csv')
    await writeFile(output, 'precious')
    const sql = "SELECT CASE WHEN id > 2 THEN error('too late') ELSE id END FROM t"
    const query = await commandLine(['query', sql, '--table', `t=${table}`, '-o', output])
    expect(query).toMatchObject({ code: 3, stderr: expect.stringContaining('too late') })
    expect(await readFile(output, 'utf8')).toBe('precious')
    expect((await readdir(place.folder)).filter((name) => name.startsWith('kept'))).toEqual(['kept.csv'])
    expect(await commandLine(['read', table, '-o', join(place.folder, 'no', 'folder.csv')])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('ENOENT'),
    })
  })

  it.runIf(existsSync('/dev/full'))('says so when there is no space for a file', async () => {
    await created()
    const full = await commandLine(['read', table, '--format', 'csv', '-o', '/dev/full'])
    expect(full).toMatchObject({ code: 8, stderr: expect.stringContaining('StorageFull') })
    expect((await stat('/dev/full')).isFile()).toBe(false)
  })

  it('keeps columns apart that share a name', async () => {
    const sql = 'SELECT 1 AS a, 2 AS a, 3 AS a_1'
    expect((await commandLine(['query', sql, '--format', 'csv'])).stdout).toBe('a,a_2,a_1\n1,2,3\n')
    expect((await commandLine(['query', sql, '--json'])).json()).toEqual([{ a: 1, a_2: 2, a_1: 3 }])
    const output = join(place.folder, 'same.parquet')
    await commandLine(['query', sql, '-o', output])
    await commandLine(['append', table, output, '--create'])
    expect((await commandLine(['read', table, '--json'])).json()).toEqual([{ a: 1, a_2: 2, a_1: 3 }])
  })

  it('queries tables at versions and instants', async () => {
    await created()
    await commandLine(['overwrite', table, csv])
    const sql = 'SELECT (SELECT count(*) FROM old) AS old, (SELECT count(*) FROM new) AS new'
    const now = new Date(Date.now() + 1000).toISOString()
    const query = ['query', sql, '--table', `old=${table}@v0`, '--table', `new=${table}@${now}`, '--json']
    expect((await commandLine(query)).json()).toEqual([{ old: 0, new: 3 }])
    const scan = `SELECT count(*) AS n FROM delta_scan('${table}', version => 0)`
    expect((await commandLine(['query', scan, '--json'])).json()).toEqual([{ n: 0 }])
    const piped = await commandLine(['query', '-', '--table', `t=${table}`, '--json'], {
      stdin: 'SELECT max(id) m FROM t',
    })
    expect(piped.stdout).toBe('[\n  {"m":9007199254740993}\n]\n')
  })

  it('compacts, restores and checkpoints', async () => {
    await created()
    await commandLine(['append', table, csv])
    expect((await commandLine(['optimize', table, '--json'])).json()).toMatchObject({
      version: 3,
      metrics: { numRemovedFiles: 2, numAddedFiles: 1 },
    })
    expect(await commandLine(['optimize', table])).toMatchObject({ stdout: expect.stringContaining('nothing to do') })
    const dry = await commandLine(['restore', table, '--version', '1', '--dry-run'])
    expect(dry.stdout).toMatch(/^RESTORE is possible/)
    expect((await commandLine(['restore', table, '--version', '1', '--json'])).json()).toMatchObject({ version: 4 })
    expect((await commandLine(['checkpoint', table, '--json'])).json()).toEqual({ version: 4 })
    expect((await commandLine(['read', table, '--format', 'csv', '--limit', '1'])).stdout).toContain('1,a,')
  })

  it('says what a condition leaves to read', async () => {
    await created('--partition-by', 'kind')
    const files = (await commandLine(['files', table, '--where', "kind = 'a'", '--json'])).json()
    expect(files).toMatchObject({ counts: { total: 3, kept: 1, prunedByPartition: 2 }, files: [{ numRecords: 1 }] })
    expect((await commandLine(['files', table])).stdout).toContain('3 of 3 files kept')
    const explain = await commandLine(['explain', table, '--where', 'id > 5 and kind is null'])
    expect(explain.stdout).toMatch(/pruned by partition +2\n/)
  })

  it('says which engines can read the table', async () => {
    await created()
    expect((await commandLine(['compat', table])).stdout).toMatch(/Spark +yes/)
  })

  it('says of a table that it cannot read why not, and who did what', async () => {
    await created()
    const protocol = {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ['teleport'],
      writerFeatures: ['teleport'],
    }
    await writeFile(join(table, '_delta_log', '00000000000000000002.json'), JSON.stringify({ protocol }))
    expect(await commandLine(['read', table])).toMatchObject({ code: 6, stderr: expect.stringContaining('teleport') })
    expect((await commandLine(['compat', table])).stdout).toMatch(/teleport +unknown +refused +refused/)
    expect((await commandLine(['history', table])).stdout).toContain('CREATE TABLE')
  })

  it('prints the schema, in a form that create takes', async () => {
    await created()
    expect((await commandLine(['schema', table])).stdout).toMatch(/id +BIGINT +yes/)
    const json = join(place.folder, 'schema.json')
    await writeFile(json, (await commandLine(['schema', table, '--json'])).stdout)
    expect((await commandLine(['create', place.url(), '--schema', json])).code).toBe(0)
  })

  it('replaces partitions', async () => {
    await created('--partition-by', 'kind')
    const one = join(place.folder, 'one.csv')
    await writeFile(one, 'id,kind\n7,a\n')
    await commandLine(['overwrite', table, one, '--replace-where', "kind = 'a'"])
    await commandLine(['overwrite', table, one, '--dynamic-partitions'])
    const ids = (await commandLine(['query', 'SELECT id FROM t ORDER BY id', '--table', `t=${table}`, '--json'])).json()
    expect(ids).toEqual([{ id: 2 }, { id: 7 }, { id: 9007199254740992 }])
  })
})

describe('exit codes and errors', () => {
  const cases: readonly (readonly [what: string, code: number, args: () => string[]])[] = [
    ['a command that is none', 2, () => ['frobnicate']],
    ['an option that is none', 2, () => ['read', table, '--colour']],
    ['a missing argument', 2, () => ['read']],
    ['a version that is no number', 2, () => ['read', table, '--version', 'x']],
    ['a version and an instant', 2, () => ['read', table, '--version', '1', '--timestamp', '2026-01-01T00:00:00Z']],
    ['a table reference without a name', 2, () => ['query', 'SELECT 1', '--table', table]],
    ['one name for two tables', 2, () => ['query', 'SELECT 1', '--table', `t=${table}`, '--table', `T=${table}@v0`]],
    ['a property without a value', 2, () => ['create', table, '--schema', 'a INT', '--property', 'x']],
    ['SQL that does not parse', 3, () => ['query', 'SELEC 1']],
    ['a schema that does not parse', 3, () => ['create', table, '--schema', 'a BIGINTT']],
    ['a table that is not there', 4, () => ['read', table]],
    ['a file that is not there', 4, () => ['append', table, 'nowhere.csv', '--create']],
    ['a feature that is not written', 6, () => ['create', table, '--schema', 'v VARIANT']],
  ]

  it.each(cases)('%s: %i', async (_, code, args) => {
    const outcome = await commandLine(args())
    expect(outcome).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^error: /) })
    expect(outcome.stderr).not.toMatch(/\n {4}at /)
  })

  it('refuses other partitions than the table has', async () => {
    await created('--partition-by', 'kind')
    expect(await created('--partition-by', 'KIND')).toMatchObject({ code: 0 })
    expect(await created('--partition-by', 'at')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is partitioned by kind, not by at'),
    })
    const other = join(place.folder, 'other.csv')
    await writeFile(other, 'x\n1\n')
    expect(await commandLine(['overwrite', table, other, '--overwrite-schema'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('the new schema has no kind'),
    })
    const plain = await commandLine(['overwrite', table, other, '--overwrite-schema', '--partition-by', ''])
    expect(plain).toMatchObject({ code: 0 })
    expect((await commandLine(['detail', table, '--json'])).json()).toMatchObject({ partitionColumns: [] })
  })

  it('tells an interruption while rows come in on stdin', async () => {
    await created()
    const args = ['append', table, '-', '--format', 'ndjson']
    const interrupted = await commandLine(args, { stdin: '{"id":1}', signal: AbortSignal.abort() })
    expect(interrupted).toMatchObject({ code: 130, stderr: expect.stringContaining('Aborted') })
  })

  it('prints an error as one JSON document under --json', async () => {
    const outcome = await commandLine(['read', table, '--json'])
    expect(outcome).toMatchObject({ code: 4, stderr: '' })
    expect(outcome.json()).toMatchObject({ error: { code: 'TableNotFound', kind: 'invalid' } })
  })

  it('prints what is wrong with the command line so, too', async () => {
    const outcome = await commandLine(['read', table, '--json', '--version', 'x'])
    expect(outcome.code).toBe(2)
    expect(outcome.json()).toMatchObject({
      error: { code: 'InvalidArgument', message: expect.stringContaining('--version') },
    })
  })

  it('prints the stack only with --debug', async () => {
    expect((await commandLine(['read', table, '--debug'])).stderr).toMatch(/\n {4}at /)
  })

  it('says a damaged table, an unreachable store and an interruption apart', async () => {
    await created()
    await writeFile(join(table, '_delta_log', '00000000000000000001.json'), '{"add":')
    expect((await commandLine(['read', table])).code).toBe(7)
    await using server = await startS3Server()
    const s3 = await commandLine(['read', server.tableUrl('t'), '--endpoint', server.url, '--region', 'us-east-1'])
    expect(s3.code).toBe(8)
    const interrupted = await commandLine(['read', table], { signal: AbortSignal.abort() })
    expect(interrupted.code).toBe(130)
  })
})

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout } = await commandLine(['--help'])
    expect(code).toBe(0)
    for (const { name, summary } of COMMANDS) expect(stdout).toMatch(new RegExp(`^ +${name} +${summary}`, 'm'))
  })

  it.each(COMMANDS.map(({ name }) => name))('of %s has an example', async (name) => {
    const { code, stdout } = await commandLine([name, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`\nExample:\n  lakewright ${name} `)
    expect((await commandLine(['help', name])).stdout).toContain('Example:')
  })

  it('shows help, and fails, without a command', async () => {
    expect(await commandLine([])).toMatchObject({ code: 2, stdout: '' })
  })
})
