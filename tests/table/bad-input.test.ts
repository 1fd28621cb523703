import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, files, Lake, long, string, struct } from '../../src/index.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'
import { openLocal, type Place } from './places.js'

const Event = struct({ id: long(), kind: string() })

describe('bad input', () => {
  let place: Place & { readonly folder: string }
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  /** A table of `commits` appends, and the paths of its commits and data. */
  async function table(commits: number): Promise<{ url: string; commit: (version: number) => string }> {
    const url = place.url()
    const created = await DeltaTable.create(url, { schema: Event })
    for (let i = 1; i <= commits; i++) await created.append([{ id: BigInt(i), kind: 'x' }])
    return { url, commit: (version) => join(url, '_delta_log', `${String(version).padStart(20, '0')}.json`) }
  }
  const read = async (url: string): Promise<unknown> => (await DeltaTable.open(url)).rows()

  it('says which path holds no table', async () => {
    await expect(DeltaTable.open(join(place.folder, 'nowhere'))).rejects.toMatchObject({
      code: 'TableNotFound',
      message: expect.stringContaining('nowhere'),
    })
    const empty = join(place.folder, 'empty')
    await mkdir(empty)
    await expect(DeltaTable.open(empty)).rejects.toMatchObject({ code: 'TableNotFound' })
    expect(await DeltaTable.exists(empty)).toBe(false)
    expect(await DeltaTable.exists((await table(0)).url)).toBe(true)
  })

  it('refuses a log with a gap, naming the commit that is missing', async () => {
    const { url, commit } = await table(3)
    await rm(commit(2))
    await expect(read(url)).rejects.toMatchObject({ code: 'CorruptLog', message: expect.stringContaining('2') })
  })

  it('refuses a commit that is cut in half, naming it', async () => {
    const { url, commit } = await table(2)
    await truncate(commit(1), (await readFile(commit(1))).byteLength >> 1)
    await expect(read(url)).rejects.toMatchObject({
      code: 'CorruptLog',
      message: expect.stringContaining('00000000000000000001.json'),
    })
  })

  it('reads the commits where a checkpoint is cut in half', async () => {
    const { url } = await table(11)
    const log = join(url, '_delta_log')
    const checkpoint = (await readdir(log)).find((name) => name.endsWith('.checkpoint.parquet')) as string
    await truncate(join(log, checkpoint), (await readFile(join(log, checkpoint))).byteLength >> 1)
    expect(await read(url)).toHaveLength(11)
  })

  it('refuses a checkpoint that is cut in half where the commits are gone, naming it', async () => {
    const { url, commit } = await table(11)
    const log = join(url, '_delta_log')
    const checkpoint = (await readdir(log)).find((name) => name.endsWith('.checkpoint.parquet')) as string
    await truncate(join(log, checkpoint), (await readFile(join(log, checkpoint))).byteLength >> 1)
    for (let version = 0; version <= 5; version++) await rm(commit(version))
    await expect(read(url)).rejects.toMatchObject({ kind: 'data', message: expect.stringContaining(checkpoint) })
  })

  const dataFile = async (url: string): Promise<string> =>
    join(url, (await readdir(url)).find((name) => name.endsWith('.parquet')) as string)

  it('refuses a data file that is cut in half, naming it', async () => {
    const { url } = await table(1)
    const path = await dataFile(url)
    await truncate(path, (await readFile(path)).byteLength >> 1)
    await expect(read(url)).rejects.toMatchObject({ code: 'CorruptData', message: expect.stringContaining('part-') })
  })

  it('says which data file is missing', async () => {
    const { url } = await table(1)
    await rm(await dataFile(url))
    await expect(read(url)).rejects.toMatchObject({
      code: 'DataFileMissing',
      message: expect.stringContaining('part-'),
    })
  })

  it('does not follow a path out of the table', async () => {
    const { url, commit } = await table(1)
    await writeFile(join(place.folder, 'secret.parquet'), await readFile(await dataFile(url)))
    const text = await readFile(commit(1), 'utf8')
    await writeFile(commit(1), text.replace(/"path":"[^"]+"/, '"path":"../secret.parquet"'))
    await expect(read(url)).rejects.toMatchObject({ code: 'UnsafePath' })
  })

  it('names the line of a bad CSV row, and commits nothing', async () => {
    const { url } = await table(1)
    const path = join(place.folder, 'bad.csv')
    await writeFile(path, 'id,kind\n1,a\n2,b\nthree,c\n')
    const opened = await DeltaTable.open(url)
    await expect(opened.append(files(path))).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringMatching(/\b4\b/),
    })
    expect((await opened.refresh()).version).toBe(1)
  })

  it.each([
    ['a file that is not there', 'missing.csv', 'ObjectNotFound'],
    ['a pattern that matches nothing', 'missing-*.csv', 'ObjectNotFound'],
    ['a file of a format that its name does not tell', 'notes.txt', 'InvalidInput'],
  ])('refuses %s', async (_, name, code) => {
    await writeFile(join(place.folder, 'notes.txt'), 'hello')
    const opened = await DeltaTable.open((await table(0)).url)
    await expect(opened.append(files(join(place.folder, name)))).rejects.toMatchObject({ code })
  })

  it.each([
    ['a schema that does not parse', { schema: 'id BIGINTT' }, 'InvalidSchema'],
    ['a file for a schema', { schema: files('a.csv') as never }, 'InvalidSchema'],
    ['a schema of nothing', { schema: { type: 'struct', fields: [null] } as never }, 'InvalidSchema'],
    ['a schema without columns', { schema: { type: 'struct', fields: [] } as const }, 'InvalidSchema'],
    ['two columns of one name', { schema: 'a INT, A INT' }, 'InvalidSchema'],
    ['a partition column that is not there', { schema: 'a INT, b INT', partitionBy: ['c'] }, 'UnknownColumn'],
    ['partitions only', { schema: 'a INT', partitionBy: ['a'] }, 'InvalidSchema'],
    [
      'a property of Delta that is misspelled',
      { schema: 'a INT', properties: { 'delta.appendonlyy': 'true' } },
      'InvalidArgument',
    ],
    [
      'a feature that is not written yet',
      { schema: 'a INT', properties: { 'delta.enableIcebergCompatV2': 'true' } },
      'UnsupportedFeature',
    ],
  ])('refuses to create a table with %s', async (_, options, code) => {
    const url = place.url()
    await expect(DeltaTable.create(url, options)).rejects.toMatchObject({ code })
    expect(await DeltaTable.exists(url)).toBe(false)
  })

  it.each<[string, (opened: DeltaTable) => Promise<unknown>, string]>([
    ['no place', () => DeltaTable.open(undefined as never), 'InvalidUrl'],
    ['one row that is in no array', (opened) => opened.append({ id: 1n } as never), 'InvalidArgument'],
    ['one row as a source', (opened) => merged(opened, { id: 1n }), 'InvalidArgument'],
    ['no new values', (opened) => opened.update({} as never), 'InvalidArgument'],
    ['one name for a list of columns', (opened) => opened.rows({ columns: 'id' as never }), 'InvalidArgument'],
    ['a size that is none', (opened) => opened.optimize({ targetFileSize: {} as never }), 'InvalidArgument'],
    [
      'one name for a list of keys',
      (opened) => opened.applyChanges([{ id: 1n }], { keys: 'id' as never, sequenceBy: 'kind' }),
      'InvalidArgument',
    ],
    ['a query that is no text', () => query(undefined, {}), 'InvalidQuery'],
    ['a table of a query that is none', (opened) => query('SELECT 1', { t: opened.url }), 'InvalidArgument'],
  ])('tells callers without types of %s', async (_, call, code) => {
    const opened = await DeltaTable.open((await table(1)).url)
    await expect(call(opened)).rejects.toMatchObject({ code })
    expect((await opened.refresh()).version).toBe(1)
  })

  const merged = (opened: DeltaTable, source: object) =>
    opened
      .merge(source as never, ['id'])
      .whenMatchedDelete()
      .execute()

  async function query(text: unknown, tables: object): Promise<unknown> {
    await using lake = new Lake()
    return await lake.query(text as string, { tables: tables as never })
  }

  it('does not create a table twice, unless told that it may be there', async () => {
    const { url } = await table(1)
    await expect(DeltaTable.create(url, { schema: Event })).rejects.toMatchObject({ code: 'TableAlreadyExists' })
    const opened = await DeltaTable.create(url, { schema: 'other INT', ifNotExists: true })
    expect(opened.version).toBe(1)
    expect(opened.schema.fields.map(({ name }) => name)).toEqual(['id', 'kind'])
  })

  it('refuses URLs that are none', async () => {
    await expect(DeltaTable.open('ftp://host/table')).rejects.toMatchObject({ code: 'InvalidUrl' })
  })
})

describe('bad storage', () => {
  it('says so when credentials are refused', async () => {
    await using server = await startS3Server()
    const credentials = { accessKeyId: 'other', secretAccessKey: 'wrong' }
    const storage = { s3: { ...server.options.s3, credentials } }
    await expect(DeltaTable.open(server.tableUrl('t'), { storage })).rejects.toMatchObject({ code: 'PermissionDenied' })
  })

  it('says so when the bucket is missing', async () => {
    await using server = await startS3Server()
    await expect(DeltaTable.open('s3://nowhere/t', { storage: server.options })).rejects.toMatchObject({
      code: 'BucketNotFound',
    })
  })

  it('refuses to create a table on a store that lets two writers create one object', async () => {
    await using server = await startS3Server({ conditional: false })
    const created = DeltaTable.create(server.tableUrl('t'), { schema: Event, storage: server.options })
    await expect(created).rejects.toMatchObject({ code: 'UnsupportedStore' })
  })

  it('commits nothing when the disk is full', async () => {
    await using server = await startS3Server()
    const url = server.tableUrl('t')
    const opened = await DeltaTable.create(url, { schema: Event, storage: server.options })
    server.faults.add({ method: 'PUT', key: /parquet$/ }, { type: 'status', status: 507, code: 'InsufficientStorage' })
    await expect(opened.append([{ id: 1n, kind: 'a' }])).rejects.toMatchObject({ kind: 'unavailable' })
    expect((await DeltaTable.open(url, { storage: server.options })).version).toBe(0)
  })
})
