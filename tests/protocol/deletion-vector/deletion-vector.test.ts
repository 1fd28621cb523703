import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDeltaError } from '../../../src/errors/delta-error.js'
import type { DeletionVectorDescriptor } from '../../../src/protocol/actions/action.js'
import { crc32 } from '../../../src/protocol/deletion-vector/crc32.js'
import {
  decodeDeletionVector,
  deletionVectorRange,
} from '../../../src/protocol/deletion-vector/decode-deletion-vector.js'
import { deletionVectorFile, inlineDeletionVector } from '../../../src/protocol/deletion-vector/deletion-vector-file.js'
import { deletionVectorId, deletionVectorPath } from '../../../src/protocol/deletion-vector/deletion-vector-path.js'
import { encodeDeletionVector } from '../../../src/protocol/deletion-vector/encode-deletion-vector.js'
import { encodeDeletionVectorPath } from '../../../src/protocol/deletion-vector/encode-deletion-vector-path.js'
import { RowSet, RowSetBuilder } from '../../../src/protocol/deletion-vector/row-set.js'

const UUID = 'd2c639aa-8816-431a-aaf6-d3fe2512ff61'

/** Size, data and CRC of vectors in files that Delta for Spark wrote. */
const SPARK: readonly [kind: string, stored: string, rows: readonly number[]][] = [
  ['an array', 'AAAAItHTOWQBAAAAAAAAAAAAAAA6MAAAAQAAAAAAAAAQAAAAAQDuvYX0', [1]],
  ['runs', 'AAAAI9HTOWQBAAAAAAAAAAAAAAA7MAAAAQAABQACAAAABAAGAAAA+26oSw==', [0, 1, 2, 3, 4, 6]],
  ['more runs', 'AAAAJ9HTOWQBAAAAAAAAAAAAAAA7MAAAAQAABwADAAAABAAKAAAAEgABAMUgHko=', [0, 1, 2, 3, 4, 10, 18, 19]],
]

describe('deletion vectors', () => {
  it.each(SPARK)('with %s are read and written as Spark writes them', (_, base64, rows) => {
    const stored = new Uint8Array(Buffer.from(base64, 'base64'))
    const descriptor = { ...at(UUID), sizeInBytes: stored.length - 8, cardinality: rows.length }
    const set = decodeDeletionVector(descriptor, stored)
    expect([...set]).toEqual(rows)
    expect(encodeDeletionVector(set)).toEqual(stored.slice(4, -4))
    expect(encodeDeletionVector(RowSet.of(rows))).toEqual(stored.slice(4, -4))
  })

  it('with a bitmap are written as Spark writes them', () => {
    const everyThird = RowSet.of(Array.from({ length: 6667 }, (_, i) => 1 + i * 3))
    expect(crc32(encodeDeletionVector(everyThird))).toBe(1830563417)
  })

  it('with every kind of container in a high bucket are written as the Java library writes them', () => {
    const set = RowSet.of(manyKinds(3 * 2 ** 32))
    const bytes = encodeDeletionVector(set)
    expect([bytes.length, crc32(bytes), set.cardinality]).toEqual([8467, 2890545537, 76627])
    const [descriptor, stored] = store(set)
    expect([...decodeDeletionVector(descriptor, stored)]).toEqual([...set])
  })

  it('inline are read as the kernels write them', () => {
    const descriptor: DeletionVectorDescriptor = {
      storageType: 'i',
      pathOrInlineDv: '^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L',
      sizeInBytes: 44,
      cardinality: 6,
    }
    expect([...decodeDeletionVector(descriptor)]).toEqual([3, 4, 7, 11, 18, 29])
    expect(inlineDeletionVector(RowSet.of([3, 4, 7, 11, 18, 29]))).toEqual(descriptor)
  })

  it('inline may end in a group of more than 32 bits, which other readers cut', () => {
    const descriptor: DeletionVectorDescriptor = {
      storageType: 'i',
      pathOrInlineDv: '^Bg9^0rr910000000000iXQKl0rr91000005c8Xg##093',
      sizeInBytes: 34,
      cardinality: 1,
    }
    expect([...decodeDeletionVector(descriptor)]).toEqual([0x6e08])
  })

  it('in the older form of Spark are read too', () => {
    const bitmap = encodeDeletionVector(RowSet.of([3, 70_000])).slice(16)
    const bytes = new Uint8Array(16 + bitmap.length + 8)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 1681511376, true)
    view.setUint32(4, 2, true)
    view.setUint32(8, 8, true)
    view.setUint32(12, 12346, true)
    view.setUint32(20, bitmap.length, true)
    bytes.set(bitmap, 24)
    expect([...decodeDeletionVector(...storeBytes(bytes, 2))]).toEqual([2 ** 32 + 3, 2 ** 32 + 70_000])
  })

  it('find their file as in the examples of the protocol', () => {
    const relative = { ...at(UUID), pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^' }
    expect(deletionVectorPath(relative)).toBe(`ab/deletion_vector_${UUID}.bin`)
    expect(encodeDeletionVectorPath(UUID, 'ab')).toBe(relative.pathOrInlineDv)
    const absolute = {
      ...relative,
      storageType: 'p' as const,
      pathOrInlineDv: `s3://mytable/deletion_vector_${UUID}.bin`,
    }
    expect(deletionVectorPath(absolute)).toBe(absolute.pathOrInlineDv)
    expect(deletionVectorPath({ ...relative, storageType: 'i' })).toBeUndefined()
  })

  it('have an id that tells the vectors of one file apart', () => {
    const { offset: _, ...whole } = at(UUID)
    expect(deletionVectorId({ ...at(UUID), offset: 7 })).toBe(`u${encodeDeletionVectorPath(UUID)}@7`)
    expect(deletionVectorId(whole)).toBe(`u${encodeDeletionVectorPath(UUID)}`)
  })

  it('share one file, each at its own offset', () => {
    const sets = [RowSet.of([1, 2, 3]), RowSet.EMPTY, RowSet.of([2 ** 40])]
    const { bytes, descriptors } = deletionVectorFile(sets, UUID)
    expect(bytes[0]).toBe(1)
    for (const [i, descriptor] of descriptors.entries()) {
      const { start, end } = deletionVectorRange(descriptor)
      expect(deletionVectorPath(descriptor)).toBe(`deletion_vector_${UUID}.bin`)
      expect([...decodeDeletionVector(descriptor, bytes.slice(start, end))]).toEqual([...(sets[i] as RowSet)])
    }
    expect(deletionVectorRange(descriptors.at(-1) as DeletionVectorDescriptor).end).toBe(bytes.length)
  })

  it('survive writing and reading for any rows, stored and inline', () => {
    const row = fc.oneof(fc.nat(100), fc.nat(2 ** 20), fc.integer({ min: 0, max: 2 ** 45 }))
    const stretch = fc.tuple(row, fc.nat(5000)).map(([start, length]) => Array.from({ length }, (_, i) => start + i))
    const rows = fc.array(fc.oneof(fc.array(row), stretch), { maxLength: 4 }).map((parts) => parts.flat())
    fc.assert(
      fc.property(rows, (list) => {
        const set = RowSet.of(list)
        const expected = [...new Set(list)].sort((a, b) => a - b)
        expect([...set]).toEqual(expected)
        expect(set.cardinality).toBe(expected.length)
        expect(set.last).toBe(expected.at(-1))
        expect([...decodeDeletionVector(...store(set))]).toEqual(expected)
        expect([...decodeDeletionVector(inlineDeletionVector(set))]).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it.each<[string, Partial<DeletionVectorDescriptor>, (stored: Uint8Array) => Uint8Array, RegExp]>([
    ['a wrong cardinality', { cardinality: 4 }, (stored) => stored, /holds 3 rows where the log says 4/],
    ['a wrong size', { sizeInBytes: 1 }, (stored) => stored, /bytes where the log says 1/],
    ['a wrong checksum', {}, (stored) => flip(stored, stored.length - 1), /checksum is wrong/],
    ['flipped data', {}, (stored) => flip(stored, 20), /checksum is wrong/],
    ['a cut', {}, (stored) => stored.slice(0, -1), /ends too early/],
    ['an impossible offset', { offset: -1 }, (stored) => stored, /offset -1/],
  ])('with %s are refused, and the path is named', (_, change, damage, message) => {
    const [descriptor, stored] = store(RowSet.of([1, 5, 9]))
    const failure = catchError(() => decodeDeletionVector({ ...descriptor, ...change }, damage(stored)))
    expect(isDeltaError(failure, 'CorruptData')).toBe(true)
    expect((failure as Error).message).toMatch(message)
    expect((failure as Error).message).toContain(UUID)
  })

  it('give the right rows or CorruptData for any damage that keeps the checksum right', () => {
    const data = encodeDeletionVector(RowSet.of(manyKinds(0)))
    fc.assert(
      fc.property(fc.nat(80), fc.nat(255), fc.nat(data.length), (position, byte, length) => {
        const damaged = data.slice(0, length)
        if (position < length) damaged[position] = byte
        const [descriptor, stored] = storeBytes(damaged, 76627)
        const failure = catchError(() => decodeDeletionVector(descriptor, stored))
        expect(failure === undefined || isDeltaError(failure, 'CorruptData')).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('that claim more than their bytes hold are refused without taking the memory', () => {
    const claims = new Uint8Array(24)
    const view = new DataView(claims.buffer)
    view.setUint32(0, 1681511377, true)
    view.setBigUint64(4, 2n ** 52n, true)
    view.setUint32(16, 12346, true)
    view.setUint32(20, 0xffffffff, true)
    for (const length of [12, 16, 20, 24]) {
      const failure = catchError(() => decodeDeletionVector(...storeBytes(claims.slice(0, length), 1)))
      expect(isDeltaError(failure, 'CorruptData')).toBe(true)
    }
  })

  it('whose base85 text is damaged are refused', () => {
    for (const pathOrInlineDv of ['~~~~~', 'abcd', '#####', '00000']) {
      const failure = catchError(() =>
        decodeDeletionVector({ storageType: 'i', pathOrInlineDv, sizeInBytes: 40, cardinality: 1 }),
      )
      expect(isDeltaError(failure, 'CorruptData')).toBe(true)
    }
  })
})

describe('RowSet', () => {
  const rows = fc.array(fc.oneof(fc.nat(200), fc.nat(200_000)))

  it('answers like a plain set', () => {
    fc.assert(
      fc.property(rows, rows, fc.nat(200_000), fc.nat(300), (a, b, first, length) => {
        const [left, right] = [RowSet.of(a), RowSet.of(b)]
        const plain = new Set(a)
        expect([...left.union(right)]).toEqual([...new Set([...a, ...b])].sort((x, y) => x - y))
        expect(left.intersects(right)).toBe(b.some((row) => plain.has(row)))
        expect([...b, first].map((row) => left.has(row))).toEqual([...b, first].map((row) => plain.has(row)))
        expect([...left.mask(first, length)]).toEqual(Array.from({ length }, (_, i) => (plain.has(first + i) ? 1 : 0)))
      }),
    )
  })

  it('takes rows as pairs of words as it takes them one by one, in any order, between others', () => {
    const row = fc.oneof(fc.nat(200), fc.nat(200_000), fc.integer({ min: 0, max: 2 ** 45 }))
    // More than an array container holds, so that it becomes a bitmap in the middle.
    const stretch = fc.tuple(row, fc.integer({ min: 1, max: 9000 })).map(([start, length]) => {
      return Array.from({ length }, (_, i) => start + i * 3)
    })
    const part = fc.oneof(fc.array(row, { maxLength: 20 }), stretch)
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.nat(5), fc.boolean(), (parts, skipped, alternate) => {
        const builder = new RowSetBuilder()
        for (const [i, rows] of parts.entries()) {
          if (alternate && i % 2 === 1) for (const one of rows) builder.add(one)
          else builder.addLongs(longs([...Array(skipped).fill(7), ...rows]), skipped, skipped + rows.length)
        }
        const [built, plain] = [builder.build(), RowSet.of(parts.flat())]
        expect([...built]).toEqual([...plain])
        expect(encodeDeletionVector(built)).toEqual(encodeDeletionVector(plain))
      }),
    )
  })

  it('masks across containers of every kind', () => {
    const list = manyKinds(0)
    const decoded = decodeDeletionVector(...store(RowSet.of(list)))
    const plain = new Set(list)
    const mask = decoded.mask(65_000, 400_000)
    expect(mask.every((byte, i) => (byte === 1) === plain.has(65_000 + i))).toBe(true)
    expect(decoded.has(65_536 + 4999)).toBe(true)
    expect(decoded.has(65_536 + 5000)).toBe(false)
    expect([...RowSet.EMPTY.union(decoded)]).toEqual([...decoded])
  })
})

function at(uuid: string): DeletionVectorDescriptor {
  return { storageType: 'u', pathOrInlineDv: encodeDeletionVectorPath(uuid), offset: 1, sizeInBytes: 0, cardinality: 0 }
}

function store(set: RowSet): [DeletionVectorDescriptor, Uint8Array] {
  return storeBytes(encodeDeletionVector(set), set.cardinality)
}

function storeBytes(data: Uint8Array, cardinality: number): [DeletionVectorDescriptor, Uint8Array] {
  const stored = new Uint8Array(data.length + 8)
  stored.set(data, 4)
  const view = new DataView(stored.buffer)
  view.setUint32(0, data.length)
  view.setUint32(4 + data.length, crc32(data))
  return [{ ...at(UUID), sizeInBytes: data.length, cardinality }, stored]
}

/** Rows that make an array, a run, a bitmap, a lone value and a full container. */
function manyKinds(base: number): number[] {
  const rows: number[] = []
  for (let i = 0; i < 100; i++) rows.push(base + i * 7)
  for (let i = 10; i < 5000; i++) rows.push(base + 65_536 + i)
  for (let i = 0; i < 6000; i++) rows.push(base + 131_072 + ((i * 11) % 65_536))
  rows.push(base + 300_000)
  for (let i = 0; i < 65_536; i++) rows.push(base + 393_216 + i)
  return rows
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] as number) ^ 0xff
  return copy
}

function catchError(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}

/** The low word of each number, then the high one. */
function longs(rows: readonly number[]): Uint32Array {
  return new Uint32Array(BigInt64Array.from(rows, BigInt).buffer)
}
