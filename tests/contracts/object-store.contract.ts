import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteRange, ObjectBody, ObjectMeta, ObjectStore } from '../../src/storage/object-store.js'

export interface ContractOptions {
  /** How many objects the test of deleting many makes. Default 1,050: more than one request of S3 takes. */
  readonly manyObjects?: number
  /** Reads are over before anything else can happen, an abort included. */
  readonly instantReads?: boolean
}

/**
 * The promises of an ObjectStore. `open` answers a store with an empty root of its own, anew for each test.
 */
export function objectStoreContract(
  name: string,
  open: () => Promise<ObjectStore>,
  { manyObjects = 1050, instantReads = false }: ContractOptions = {},
): void {
  describe(`an ObjectStore: ${name}`, () => {
    describe('put', () => {
      it('stores what is read back', async () => {
        const store = await open()
        const meta = await store.put('_delta_log/00000000000000000000.json', text('one'), { mode: 'create' })
        expect(meta).toMatchObject({ key: '_delta_log/00000000000000000000.json', size: 3 })
        expect(read(await store.get('_delta_log/00000000000000000000.json'))).toBe('one')
      })

      it('create refuses a key that exists and leaves what is there', async () => {
        const store = await open()
        await store.put('k', text('first'), { mode: 'create' })
        const refusal = store.put('k', text('second'), { mode: 'create' })
        await expect(refusal).rejects.toMatchObject({ code: 'ObjectAlreadyExists', details: { path: 'k' } })
        expect(read(await store.get('k'))).toBe('first')
      })

      it('create refuses a key that an overwrite made, and takes one that was deleted', async () => {
        const store = await open()
        await store.put('k', text('first'), { mode: 'overwrite' })
        await expect(store.put('k', text('x'), { mode: 'create' })).rejects.toMatchObject({
          code: 'ObjectAlreadyExists',
        })
        await store.delete(['k'])
        await store.put('k', text('again'), { mode: 'create' })
        expect(read(await store.get('k'))).toBe('again')
      })

      it('overwrite replaces the whole object', async () => {
        const store = await open()
        await store.put('k', text('a long first text'), { mode: 'overwrite' })
        await store.put('k', text('short'), { mode: 'overwrite' })
        expect(read(await store.get('k'))).toBe('short')
        expect((await store.head('k')).size).toBe(5)
      })

      it('of 50 concurrent creators one wins, and its bytes are what stands there', async () => {
        const store = await open()
        for (let round = 0; round < 3; round++) {
          const key = `_delta_log/${String(round).padStart(20, '0')}.json`
          const bodies = Array.from({ length: 50 }, (_, writer) => text(`writer ${writer} `.repeat(100)))
          const outcomes = await Promise.allSettled(bodies.map((body) => store.put(key, body, { mode: 'create' })))
          const winners = bodies.filter((_, writer) => outcomes[writer]?.status === 'fulfilled')
          expect(winners).toHaveLength(1)
          for (const outcome of outcomes) {
            if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ObjectAlreadyExists' })
          }
          expect(await store.get(key)).toEqual(winners[0])
        }
      })

      it('stores empty objects', async () => {
        const store = await open()
        await store.put('empty', new Uint8Array(0), { mode: 'create' })
        await store.put('streamed', chunks(), { mode: 'create' })
        expect(await store.get('empty')).toEqual(new Uint8Array(0))
        expect(await keysOf(store, '')).toEqual(['empty', 'streamed'])
        expect((await store.head('streamed')).size).toBe(0)
      })

      it('keeps a copy: bytes that change later change nothing', async () => {
        const store = await open()
        const bytes = text('before')
        await store.put('k', bytes, { mode: 'create' })
        bytes.fill(0)
        ;(await store.get('k')).fill(0)
        expect(read(await store.get('k'))).toBe('before')
      })

      it('takes a stream of chunks, also of chunks whose memory is used again', async () => {
        const store = await open()
        await store.put('k', chunks('a', '', 'bc', 'def'), { mode: 'create' })
        const shared = new Uint8Array(2)
        const reused = async function* (): AsyncGenerator<Uint8Array> {
          for (const value of [1, 2, 3]) yield shared.fill(value)
        }
        await store.put('r', reused(), { mode: 'create' })
        expect(read(await store.get('k'))).toBe('abcdef')
        expect(await store.get('r')).toEqual(new Uint8Array([1, 1, 2, 2, 3, 3]))
      })

      it('stores nothing when the stream fails, and hands its error back', async () => {
        const store = await open()
        const failing = async function* (): AsyncGenerator<Uint8Array> {
          yield text('half')
          throw Object.assign(new Error('the source broke'), { code: 'ENOENT' })
        }
        await expect(store.put('k', failing(), { mode: 'create' })).rejects.toThrow('the source broke')
        expect(await keysOf(store, '')).toEqual([])
      })

      it.each(['create', 'overwrite'] as const)('stores 20 MB by %s, from bytes and from a stream', async (mode) => {
        const store = await open()
        const bytes = new Uint8Array(randomBytes(20_000_000))
        const stream = async function* (): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < bytes.byteLength; at += 3_000_000) yield bytes.subarray(at, at + 3_000_000)
        }
        for (const body of [bytes, stream()] satisfies ObjectBody[]) {
          const key = body instanceof Uint8Array ? 'bytes' : 'stream'
          expect((await store.put(key, body, { mode })).size).toBe(bytes.byteLength)
          expect(hash(await store.get(key))).toBe(hash(bytes))
        }
        const part = await store.get('bytes', { range: { start: 8_388_600, end: 8_388_620 } })
        expect(part).toEqual(bytes.slice(8_388_600, 8_388_620))
      })

      it('of concurrent creators of a 10 MB object one wins', async () => {
        const store = await open()
        const bodies = Array.from({ length: 4 }, (_, writer) => new Uint8Array(10_000_000).fill(writer + 1))
        const outcomes = await Promise.allSettled(bodies.map((body) => store.put('k', body, { mode: 'create' })))
        const winners = bodies.filter((_, writer) => outcomes[writer]?.status === 'fulfilled')
        expect(winners).toHaveLength(1)
        expect(hash(await store.get('k'))).toBe(hash(winners[0] ?? new Uint8Array(0)))
        await expect(store.put('k', bodies[0] ?? text(''), { mode: 'create' })).rejects.toMatchObject({
          code: 'ObjectAlreadyExists',
        })
      })
    })

    describe('get and head', () => {
      const alphabet = text('abcdefghij')

      it.each<[ByteRange, string]>([
        [{ start: 0, end: 3 }, 'abc'],
        [{ start: 3, end: 4 }, 'd'],
        [{ start: 8 }, 'ij'],
        [{ start: 0 }, 'abcdefghij'],
        [{ suffix: 3 }, 'hij'],
        [{ suffix: 100 }, 'abcdefghij'],
        [{ start: 8, end: 100 }, 'ij'],
        [{ start: 10 }, ''],
        [{ start: 50, end: 60 }, ''],
        [{ start: 4, end: 4 }, ''],
        [{ suffix: 0 }, ''],
      ])('of the range %j is %j', async (range, expected) => {
        const store = await open()
        await store.put('k', alphabet, { mode: 'create' })
        expect(read(await store.get('k', { range }))).toBe(expected)
      })

      it.each<ByteRange>([{ start: 0 }, { start: 0, end: 5 }, { suffix: 5 }])(
        'of the range %j of an empty object is empty',
        async (range) => {
          const store = await open()
          await store.put('k', new Uint8Array(0), { mode: 'create' })
          expect(await store.get('k', { range })).toEqual(new Uint8Array(0))
        },
      )

      it.each<ByteRange>([{ start: 5, end: 2 }, { start: -1 }, { start: 0.5 }, { suffix: -1 }, { start: Number.NaN }])(
        'refuses the range %j',
        async (range) => {
          const store = await open()
          await store.put('k', alphabet, { mode: 'create' })
          await expect(store.get('k', { range })).rejects.toMatchObject({ code: 'InvalidArgument' })
        },
      )

      it('tells key, size and time', async () => {
        const store = await open()
        await store.put('a/b', alphabet, { mode: 'create' })
        const meta = await store.head('a/b')
        expect(meta).toMatchObject({ key: 'a/b', size: 10 })
        expect(Number.isSafeInteger(meta.lastModified)).toBe(true)
        expect(meta.lastModified).toBeGreaterThan(Date.parse('2020-01-01'))
      })

      it('many at once come in the order that was asked for', async () => {
        const store = await open()
        const keys = Array.from({ length: 40 }, (_, index) => `k${index}`)
        await Promise.all(keys.map((key) => store.put(key, text(key), { mode: 'create' })))
        const wanted = keys.toReversed()
        expect((await store.getMany(wanted)).map(read)).toEqual(wanted)
        expect(await store.getMany([])).toEqual([])
      })

      it('of a key that is missing, or is only a folder, is ObjectNotFound with the key', async () => {
        const store = await open()
        await store.put('folder/file', alphabet, { mode: 'create' })
        for (const key of ['missing', 'folder', 'folder/missing', 'folder/file/below']) {
          const refusal = { code: 'ObjectNotFound', details: { path: key } }
          await expect(store.get(key)).rejects.toMatchObject(refusal)
          await expect(store.get(key, { range: { suffix: 8 } })).rejects.toMatchObject(refusal)
          await expect(store.get(key, { range: { start: 1, end: 1 } })).rejects.toMatchObject(refusal)
          await expect(store.head(key)).rejects.toMatchObject(refusal)
          await expect(store.getMany(['folder/file', key])).rejects.toMatchObject(refusal)
        }
      })
    })

    describe('list', () => {
      it('of an empty root, or of a prefix that is not there, is empty', async () => {
        const store = await open()
        expect(await keysOf(store, '')).toEqual([])
        expect(await keysOf(store, '_delta_log/')).toEqual([])
        expect(await keysOf(store, 'no/such/prefix', 'no/such/prefix/x')).toEqual([])
      })

      it('is in UTF-8 byte order at any depth', async () => {
        const store = await open()
        const keys = [
          'Z',
          'a',
          'a!',
          'a-b',
          'a-b/c',
          'a.b',
          'a/',
          'a/b',
          'a/b.c',
          'a0',
          'é',
          '\u{e000}',
          '｡',
          '\u{1f30a}',
          'b/c/d/e',
        ]
          .filter((key) => !key.endsWith('/'))
          // A file cannot have the name of a folder on every store.
          .filter((key) => key !== 'a' && key !== 'a-b' && key !== 'a/b')
          .concat('a/b/c')
        await Promise.all(keys.toReversed().map((key) => store.put(key, text(key), { mode: 'create' })))
        const sorted = inByteOrder(keys)
        expect(await keysOf(store, '')).toEqual(sorted)
        for (const [index, key] of sorted.entries()) {
          expect(await keysOf(store, '', key)).toEqual(sorted.slice(index + 1))
        }
      })

      it('gives sizes and times', async () => {
        const store = await open()
        await store.put('a/b', text('12345'), { mode: 'create' })
        const [meta] = await collect(store.list('a/'))
        const { lastModified } = await store.head('a/b')
        expect(meta).toMatchObject({ key: 'a/b', size: 5 })
        // S3 tells the time to the second in one reply and to the millisecond in another.
        expect(Math.floor((meta?.lastModified ?? 0) / 1000)).toBe(Math.floor(lastModified / 1000))
      })

      it('sees every finished put and no finished delete at once', async () => {
        const store = await open()
        for (let index = 0; index < 10; index++) {
          await store.put(`d/${index}`, text('x'), { mode: index % 2 === 0 ? 'create' : 'overwrite' })
          expect(await keysOf(store, 'd/')).toHaveLength(index + 1)
        }
        await store.delete(['d/3'])
        expect(await keysOf(store, 'd/')).not.toContain('d/3')
      })

      it('takes the prefix as the beginning of keys, not as a folder', async () => {
        const store = await open()
        for (const key of ['day=1/x', 'day=10/x', 'day=2/x', 'other'])
          await store.put(key, text(key), { mode: 'create' })
        expect(await keysOf(store, 'day=1')).toEqual(['day=1/x', 'day=10/x'])
        expect(await keysOf(store, 'day=1/')).toEqual(['day=1/x'])
        expect(await keysOf(store, 'day=1/x')).toEqual(['day=1/x'])
        expect(await keysOf(store, 'day')).toEqual(['day=1/x', 'day=10/x', 'day=2/x'])
      })

      it('starts after any text, whether a key or not, inside or outside the prefix', async () => {
        const store = await open()
        const keys = ['a/1', 'a/2', 'a/b/1', 'a/b/2', 'a/c']
        for (const key of keys) await store.put(key, text(key), { mode: 'create' })
        expect(await keysOf(store, 'a/', 'a/1')).toEqual(['a/2', 'a/b/1', 'a/b/2', 'a/c'])
        expect(await keysOf(store, 'a/', 'a/1x')).toEqual(['a/2', 'a/b/1', 'a/b/2', 'a/c'])
        expect(await keysOf(store, 'a/', 'a/b')).toEqual(['a/b/1', 'a/b/2', 'a/c'])
        expect(await keysOf(store, 'a/', 'a/b/1')).toEqual(['a/b/2', 'a/c'])
        expect(await keysOf(store, 'a/', 'a/b/')).toEqual(['a/b/1', 'a/b/2', 'a/c'])
        expect(await keysOf(store, 'a/', 'a/b0')).toEqual(['a/c'])
        expect(await keysOf(store, 'a/', 'A')).toEqual(keys)
        expect(await keysOf(store, 'a/', 'z')).toEqual([])
      })

      it('may be left early', async () => {
        const store = await open()
        for (const key of ['a', 'b', 'c']) await store.put(key, text(key), { mode: 'create' })
        for await (const { key } of store.list('')) {
          expect(key).toBe('a')
          break
        }
        expect(await keysOf(store, '')).toEqual(['a', 'b', 'c'])
      })
    })

    describe('keys', () => {
      it.each([
        'with space',
        ' leading and trailing ',
        '100%',
        'a%20b',
        'a%2Fb',
        'a+b',
        'a=b',
        'a#b',
        'a?b=c&d',
        'quote\'"quote',
        'semi;colon:comma,',
        'paren(s)[b]{c}<d>',
        'back\\slash',
        'tilde~bang!at@dollar$star*',
        'ümläut',
        'e\u0301 is not \u00e9',
        '日本語',
        '🌊/🌊',
        '.hidden',
        '...',
        'day=2026-01-01 10%3A00%3A00/part-0000.snappy.parquet',
      ])('%j is stored, listed, read and deleted under its own name', async (key) => {
        const store = await open()
        await store.put(key, text(key), { mode: 'create' })
        await expect(store.put(key, text('x'), { mode: 'create' })).rejects.toMatchObject({
          code: 'ObjectAlreadyExists',
        })
        expect(await keysOf(store, '')).toEqual([key])
        expect(await keysOf(store, key)).toEqual([key])
        expect(read(await store.get(key, { range: { start: 0 } }))).toBe(key)
        expect((await store.head(key)).key).toBe(key)
        await store.delete([key])
        expect(await keysOf(store, '')).toEqual([])
      })

      it('of any letters list in byte order, from any point on', async () => {
        const segment = fc
          .string({ unit: fc.constantFrom(...'aAzZ09 -_.=%+~é\u{e000}｡🌊'), minLength: 1, maxLength: 4 })
          .filter((name) => !/^\.+$/.test(name))
        // Two levels under two different first letters: no file takes the name of a folder.
        const key = fc.oneof(
          segment.map((name) => `f${name}`),
          fc.tuple(segment, segment).map(([folder, name]) => `d${folder}/${name}`),
        )
        await fc.assert(
          fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 12 }), fc.nat(), async (keys, at) => {
            const store = await open()
            await Promise.all(keys.map((each) => store.put(each, text(each), { mode: 'create' })))
            const sorted = inByteOrder(keys)
            const from = at % sorted.length
            expect(await keysOf(store, '')).toEqual(sorted)
            expect(await keysOf(store, '', sorted[from])).toEqual(sorted.slice(from + 1))
            expect((await store.getMany(sorted)).map(read)).toEqual(sorted)
          }),
          { numRuns: 15 },
        )
      })

      it.each(['', '..', '../x', 'a/../../x', 'a/../b', '/absolute', 'a//b', 'a/', '.', './a', 'nul\0'])(
        '%j is UnsafePath for every call',
        async (key) => {
          const store = await open()
          const refusal = { code: 'UnsafePath' }
          await expect(store.get(key)).rejects.toMatchObject(refusal)
          await expect(store.getMany([key])).rejects.toMatchObject(refusal)
          await expect(store.head(key)).rejects.toMatchObject(refusal)
          await expect(store.put(key, text('x'), { mode: 'create' })).rejects.toMatchObject(refusal)
          await expect(store.put(key, text('x'), { mode: 'overwrite' })).rejects.toMatchObject(refusal)
          await expect(store.delete([key])).rejects.toMatchObject(refusal)
        },
      )
    })

    describe('delete', () => {
      it('deletes what is there and nothing else', async () => {
        const store = await open()
        for (const key of ['a', 'b', 'c/d', 'c/e']) await store.put(key, text(key), { mode: 'create' })
        await store.delete(['a', 'c/d', 'missing', 'c/missing', 'no/such/folder', 'c'])
        expect(await keysOf(store, '')).toEqual(['b', 'c/e'])
        await expect(store.get('a')).rejects.toMatchObject({ code: 'ObjectNotFound' })
        await store.delete([])
        await store.delete(['a'])
      })

      it(`lists and deletes ${manyObjects} objects`, async () => {
        const store = await open()
        const keys = Array.from({ length: manyObjects }, (_, index) => `many/${String(index).padStart(6, '0')} &<x>`)
        for (let at = 0; at < keys.length; at += 50) {
          await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, text(key), { mode: 'overwrite' })))
        }
        await store.put('stays', text('x'), { mode: 'create' })
        expect(await keysOf(store, 'many/')).toEqual(keys)
        expect(await keysOf(store, 'many/', keys[19])).toEqual(keys.slice(20))
        await store.delete(keys)
        expect(await keysOf(store, '')).toEqual(['stays'])
      })
    })

    describe('an abort', () => {
      const fired = AbortSignal.abort(new Error('changed my mind'))

      it('before a call is Aborted, with the reason as its cause, and does nothing', async () => {
        const store = await open()
        await store.put('k', text('kept'), { mode: 'create' })
        const refusal = { code: 'Aborted', cause: expect.objectContaining({ message: 'changed my mind' }) }
        await expect(store.get('k', { signal: fired })).rejects.toMatchObject(refusal)
        await expect(store.getMany(['k'], { signal: fired })).rejects.toMatchObject(refusal)
        await expect(store.head('k', { signal: fired })).rejects.toMatchObject(refusal)
        await expect(collect(store.list('', { signal: fired }))).rejects.toMatchObject(refusal)
        await expect(store.delete(['k'], { signal: fired })).rejects.toMatchObject(refusal)
        for (const mode of ['create', 'overwrite'] as const) {
          await expect(store.put('k', text('x'), { mode, signal: fired })).rejects.toMatchObject(refusal)
          await expect(store.put('k', chunks('x'), { mode, signal: fired })).rejects.toMatchObject(refusal)
        }
        expect(read(await store.get('k'))).toBe('kept')
      })

      it.each(['create', 'overwrite'] as const)('during a streamed %s stores nothing', async (mode) => {
        const store = await open()
        const controller = new AbortController()
        let closed = false
        const stream = async function* (): AsyncGenerator<Uint8Array> {
          try {
            for (let chunk = 0; ; chunk++) {
              if (chunk === 10) controller.abort()
              yield new Uint8Array(1_000_000)
            }
          } finally {
            closed = true
          }
        }
        const put = store.put('k', stream(), { mode, signal: controller.signal })
        await expect(put).rejects.toMatchObject({ code: 'Aborted' })
        expect(closed).toBe(true)
        expect(await keysOf(store, '')).toEqual([])
      })

      it('during a listing ends it', async () => {
        const store = await open()
        for (const key of ['a', 'b', 'c']) await store.put(key, text(key), { mode: 'create' })
        const controller = new AbortController()
        const seen: string[] = []
        const listing = async (): Promise<void> => {
          for await (const { key } of store.list('', { signal: controller.signal })) {
            seen.push(key)
            controller.abort()
          }
        }
        await expect(listing()).rejects.toMatchObject({ code: 'Aborted' })
        expect(seen).toEqual(['a'])
      })

      if (instantReads) return

      it('during many reads ends them', async () => {
        const store = await open()
        const keys = Array.from({ length: 600 }, () => 'k')
        await store.put('k', new Uint8Array(20_000), { mode: 'create' })
        const controller = new AbortController()
        const reads = store.getMany(keys, { signal: controller.signal })
        setImmediate(() => controller.abort())
        await expect(reads).rejects.toMatchObject({ code: 'Aborted' })
      })
    })
  })
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const read = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const inByteOrder = (keys: readonly string[]): string[] =>
  keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield text(part)
}

async function keysOf(store: ObjectStore, prefix: string, startAfter?: string): Promise<string[]> {
  const options = startAfter === undefined ? {} : { startAfter }
  return (await collect(store.list(prefix, options))).map(({ key }) => key)
}

async function collect(listing: AsyncIterable<ObjectMeta>): Promise<ObjectMeta[]> {
  const objects: ObjectMeta[] = []
  for await (const object of listing) objects.push(object)
  return objects
}
