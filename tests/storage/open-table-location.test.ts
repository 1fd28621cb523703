import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTableLocation } from '../../src/storage/open-table-location.js'

const bytes = new TextEncoder().encode('hello')

describe('openTableLocation', () => {
  it('opens a local folder by path and by file:// URL', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lakewright location '))
    const { store, url } = await openTableLocation(folder)
    await store.put('a b/c%20d.json', bytes, { mode: 'create' })
    expect(url).toContain('file:///')
    expect(url).toContain('%20location%20')
    const same = await openTableLocation(url)
    expect(await same.store.get('a b/c%20d.json')).toEqual(bytes)
  })

  it('shares a named memory between all who open it', async () => {
    const { store } = await openTableLocation('memory://shared/tables/one')
    await store.put('x', bytes, { mode: 'create' })
    const above = await openTableLocation('memory://shared')
    expect(await above.store.get('tables/one/x')).toEqual(bytes)
    const other = await openTableLocation('memory://other/tables/one')
    await expect(other.store.get('x')).rejects.toMatchObject({ code: 'ObjectNotFound' })
  })

  it.each(['', 'gs://bucket/x', 'http://example.org/x', 's3://', 's3:///x', 's3://a b/x'])(
    'refuses %j, which is no place of a table',
    async (url) => {
      await expect(openTableLocation(url)).rejects.toMatchObject({ code: 'InvalidUrl', kind: 'invalid' })
    },
  )

  it('does not repeat credentials that stand in a URL', async () => {
    const refusal = openTableLocation('s3://AKIA:topsecret@bucket/x')
    await expect(refusal).rejects.toMatchObject({ code: 'InvalidUrl' })
    await expect(refusal).rejects.not.toThrow(/topsecret/)
  })
})

describe('a path of the log', () => {
  const location = openTableLocation('memory://lake/table')

  it.each([
    ['part-0.parquet', 'part-0.parquet'],
    ['day=2026-01-01%2010%3A00/part-0.parquet', 'day=2026-01-01 10:00/part-0.parquet'],
    ['a%2520b/x', 'a%20b/x'],
    ['k=at:10/x', 'k=at:10/x'],
    ['k=%F0%9F%8C%8A/x', 'k=🌊/x'],
    ['./a//b/../x', 'a/x'],
    ['memory://lake/table/a%20b', 'a b'],
    ['k=a+b=c#d?e/x', 'k=a+b=c#d?e/x'],
  ])('%s is the object %s of the table', async (path, key) => {
    const { store, resolve } = await location
    expect(resolve(path)).toEqual({ store, key })
  })

  it.each(['../x', 'a/../../x', '%2E%2E/x', '%2Fetc/passwd', '', '.', '/etc/passwd', 'file:///etc/passwd'])(
    '%j is not followed out of the table',
    async (path) => {
      const { resolve } = await location
      expect(() => resolve(path)).toThrow(expect.objectContaining({ code: 'UnsafePath', kind: 'data' }))
    },
  )

  it.each(['a%zz', 's3://', 'file://host/x', 's3://key:secret@bucket/x'])('%s is a corrupt log', async (path) => {
    const { resolve } = await location
    expect(() => resolve(path)).toThrow(expect.objectContaining({ code: 'CorruptLog' }))
  })

  it.each([
    ['s3://lake/table/a%20b', 's3://lake/table', 'a b'],
    ['s3a://lake/table/a%2520b', 's3://lake/table', 'a%20b'],
    ['s3n://lake/tables/x', 's3://lake', 'tables/x'],
    ['s3://other/table/x', 's3://other', 'table/x'],
    ['S3://other/x', 's3://other', 'x'],
  ])('of a table on S3, %s is in %s', async (path, url, key) => {
    const { resolve } = await openTableLocation('s3a://lake/table/')
    const found = resolve(path)
    expect([found.store.url, found.key]).toEqual([url, key])
    expect(resolve(path).store).toBe(found.store)
  })

  it.each(['file:///etc/passwd', '/etc/passwd', 'memory://m/x', 's3://other/../x', 's3://lake/'])(
    'of a table on S3, %s is not followed',
    async (path) => {
      const { resolve } = await openTableLocation('s3://lake/table')
      expect(() => resolve(path)).toThrow(expect.objectContaining({ code: 'UnsafePath' }))
    },
  )

  it('with a scheme that no store stands behind is refused by name', async () => {
    const { resolve } = await location
    expect(() => resolve('gs://bucket/x')).toThrow(
      expect.objectContaining({ code: 'UnsupportedStore', message: expect.stringContaining('gs:') }),
    )
  })

  it('that is absolute opens another folder of the same kind of storage, once', async () => {
    const { resolve } = await openTableLocation('/tables/clone')
    const first = resolve('file:///tables/source/a%20b.parquet')
    expect(first.key).toBe('tables/source/a b.parquet')
    expect(first.store.url).toBe('file:///')
    expect(resolve('file:/other/x').store).toBe(first.store)
    expect(resolve('/other/x%20y')).toEqual({ store: first.store, key: 'other/x y' })
  })
})
