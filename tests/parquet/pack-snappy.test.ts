import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packSnappy } from '../../src/parquet/pages/pack-snappy.js'
import { unpackSnappy } from '../../src/parquet/pages/snappy.js'

/** Bytes that repeat, from near and from far, and others. */
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((piece) => ({ piece, times: 1 })),
      fc.record({ piece: fc.uint8Array({ minLength: 1, maxLength: 12 }), times: fc.integer({ min: 2, max: 400 }) }),
    ),
    { maxLength: 30 },
  )
  .chain((pieces) => fc.shuffledSubarray([...pieces, ...pieces]))
  .map((pieces) =>
    Uint8Array.from(pieces.flatMap(({ piece, times }) => Array.from({ length: times }, () => [...piece]).flat())),
  )

const unpacked = (packed: Uint8Array, size: number): Buffer => Buffer.from(unpackSnappy(packed, size))

describe('bytes packed by Snappy', () => {
  it('come back, and take hardly more room than before', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const packed = packSnappy(given)
        expect(unpacked(packed, given.byteLength).equals(given)).toBe(true)
        expect(packed.byteLength).toBeLessThanOrEqual(32 + given.byteLength * 1.1)
      }),
      { numRuns: 500 },
    )
  })

  it.each([0, 1, 14, 15, 16, 60, 61, 256, 257, 65_535, 65_536, 65_537, 65_551, 200_000])(
    'come back where they are %d, alike, counted up or random',
    (size) => {
      let seed = size
      const random = () => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
        return seed >>> 16
      }
      for (const value of [() => 7, (i: number) => i, (i: number) => i >> 9, random]) {
        const given = Uint8Array.from({ length: size }, (_, i) => value(i))
        expect(unpacked(packSnappy(given), size).equals(given)).toBe(true)
      }
    },
  )

  it('are few where they repeat', () => {
    const given = new Uint8Array(Array.from({ length: 10_000 }, (_, i) => i % 100))
    expect(packSnappy(given).byteLength).toBeLessThan(700)
  })

  it('may be a part of a buffer', () => {
    const given = Uint8Array.from({ length: 1000 }, (_, i) => i % 13)
    expect(unpacked(packSnappy(given.subarray(7, 907)), 900).equals(given.subarray(7, 907))).toBe(true)
  })
})
