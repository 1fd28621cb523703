import fc from 'fast-check'
import type { DataType } from '../../src/schema/data-type.js'
import type { Scalar } from '../../src/schema/scalar.js'

const INTEGER_BITS: { readonly [type: string]: number } = { byte: 7, short: 15, integer: 31 }
/** The year 1 to 9999 in microseconds. */
const TIMES = { min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }

/** Values of a primitive type; few enough distinct ones that two of them are often equal or close. */
export function scalarOf(type: DataType): fc.Arbitrary<Scalar> {
  switch (type.type) {
    case 'boolean':
      return fc.boolean()
    case 'byte':
    case 'short':
    case 'integer': {
      const limit = 2 ** (INTEGER_BITS[type.type] as number)
      return fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -limit, max: limit - 1 }))
    }
    case 'long':
      return fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
    case 'float':
      return fc.oneof(
        specialNumbers,
        fc.integer({ min: -50, max: 50 }).map((n) => Math.fround(n / 10)),
        fc.float(),
      )
    case 'double':
      return fc.oneof(
        specialNumbers,
        fc.integer({ min: -50, max: 50 }).map((n) => n / 10),
        fc.double(),
      )
    case 'decimal': {
      const limit = 10n ** BigInt(type.precision) - 1n
      const small = limit < 50n ? limit : 50n
      return fc.oneof(fc.bigInt({ min: -small, max: small }), fc.bigInt({ min: -limit, max: limit }))
    }
    case 'string':
      return fc.oneof(
        fc.string({
          maxLength: 3,
          unit: fc.constantFrom('a', 'b', 'B', '', '\u{e9}', '\u{ffff}', '\u{1f600}', "'", '"', '\\', '{', '}'),
        }),
        fc.string({ unit: 'binary', maxLength: 6 }),
        // Longer than what statistics keep.
        fc.string({
          minLength: 30,
          maxLength: 40,
          unit: fc.constantFrom('a', 'z', '\u{7f}', '\u{1f600}', '\u{10ffff}', '?'),
        }),
      )
    case 'binary':
      return fc.uint8Array({ maxLength: 3 })
    case 'date':
      return fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -719_162, max: 2_932_896 }))
    case 'timestamp':
    case 'timestamp_ntz':
      return fc.oneof(fc.bigInt({ min: -3000n, max: 3000n }), fc.bigInt(TIMES))
    default:
      throw new Error(`no values of ${type.type}`)
  }
}

const specialNumbers = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0)
