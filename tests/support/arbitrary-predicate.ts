import fc from 'fast-check'
import type { Comparison, Literal, Predicate } from '../../src/expressions/predicate.js'
import type { DataType, StructType } from '../../src/schema/data-type.js'
import { formatDate } from '../../src/schema/date-text.js'
import { formatDecimal } from '../../src/schema/number-text.js'
import type { Scalar } from '../../src/schema/scalar.js'
import { formatTimestamp } from '../../src/schema/timestamp-text.js'
import { scalarOf } from './arbitrary-scalar.js'

const COMPARISONS: readonly Comparison[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'nullSafeEq']

/**
 * Predicates over the primitive columns of a schema, those inside structs too.
 * @param valuesOf values of a column that its literals shall often be
 */
export function predicateOver(
  schema: StructType,
  valuesOf: (path: readonly string[]) => readonly Scalar[] = () => [],
): fc.Arbitrary<Predicate> {
  const leaves = leavesOf(schema)
  return fc.letrec<{ predicate: Predicate }>((tie) => ({
    predicate: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'predicate' },
      {
        weight: 4,
        arbitrary: fc.constantFrom(...leaves).chain(([path, type]) => conditionOn(path, type, valuesOf(path))),
      },
      { weight: 2, arbitrary: groupOf(tie('predicate')) },
      { weight: 1, arbitrary: tie('predicate').map((child): Predicate => ({ op: 'not', child })) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(true, false, null).map((value): Predicate => ({ op: 'constant', value })),
      },
    ),
  })).predicate
}

/** A literal that can be compared with a column: often a value of its type, sometimes between two or beyond all of them. */
function literalFor(type: DataType, known: readonly Scalar[]): fc.Arbitrary<Exclude<Literal, null>> {
  const scalar =
    known.length === 0 ? scalarOf(type) : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, scalarOf(type))
  const value = scalar.chain((scalar) => fc.constantFrom(...writings(scalar, type)))
  switch (type.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'decimal':
      return fc.oneof(
        { weight: 3, arbitrary: value },
        {
          weight: 1,
          arbitrary: fc.constantFrom<Exclude<Literal, null>>(
            1.5,
            -0.5,
            '-2.25',
            1e20,
            -1e20,
            '1e-30',
            10n ** 40n,
            -(10n ** 40n),
          ),
        },
        { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
      )
    case 'date':
      return fc.oneof(
        { weight: 3, arbitrary: value },
        {
          weight: 1,
          arbitrary: scalarOf({ type: 'timestamp' }).chain((scalar) =>
            fc.constantFrom(...writings(scalar, { type: 'timestamp' })),
          ),
        },
      )
    case 'timestamp':
    case 'timestamp_ntz':
      return fc.oneof(
        { weight: 3, arbitrary: value },
        { weight: 1, arbitrary: fc.constantFrom('1970-01-01 00:00:00.0000015', '1969-12-31T23:59:59.9999999Z') },
      )
    default:
      return value
  }
}

function conditionOn(column: readonly string[], type: DataType, known: readonly Scalar[]): fc.Arbitrary<Predicate> {
  const literal = literalFor(type, known)
  const orNull = fc.option(literal, { freq: 12 })
  const forms: fc.Arbitrary<Predicate>[] = [
    fc.record({ op: fc.constantFrom(...COMPARISONS), column: fc.constant(column), value: orNull }),
    fc.tuple(literal, literal).map(
      ([low, high]): Predicate => ({
        op: 'and',
        children: [
          { op: 'ge', column, value: low },
          { op: 'le', column, value: high },
        ],
      }),
    ),
    fc.record({
      op: fc.constant('in' as const),
      column: fc.constant(column),
      values: fc.array(orNull, { maxLength: 4 }),
    }),
    fc.constantFrom<Predicate>({ op: 'isNull', column }, { op: 'isNotNull', column }),
  ]
  if (type.type === 'string') {
    const prefix = fc
      .oneof(scalarOf(type), ...known.map(fc.constant))
      .map((text): Predicate => ({ op: 'startsWith', column, prefix: String(text) }))
    forms.push(prefix)
  }
  return fc.oneof(...forms)
}

function groupOf(child: fc.Arbitrary<Predicate>): fc.Arbitrary<Predicate> {
  return fc.record({
    op: fc.constantFrom('and' as const, 'or' as const),
    children: fc.array(child, { maxLength: 3, depthIdentifier: 'predicate' }),
  })
}

/** The ways to write a value as a literal. */
function writings(scalar: Scalar, type: DataType): Exclude<Literal, null>[] {
  switch (type.type) {
    case 'long':
      return [scalar as bigint, String(scalar)]
    case 'byte':
    case 'short':
    case 'integer':
      return [scalar as number, BigInt(scalar as number), String(scalar)]
    case 'decimal':
      return [formatDecimal(scalar as bigint, type.scale)]
    case 'date':
      return [formatDate(scalar as number)]
    case 'timestamp':
    case 'timestamp_ntz': {
      const text = formatTimestamp(scalar as bigint, { separator: 'T', digits: 6 })
      const milliseconds = new Date(Number((scalar as bigint) / 1000n))
      return [text, `${text}Z`, text.replace('T', ' '), milliseconds]
    }
    default:
      return [scalar]
  }
}

/** The paths and types of the primitive columns. */
export function leavesOf(
  schema: StructType,
  above: readonly string[] = [],
): (readonly [readonly string[], DataType])[] {
  return schema.fields.flatMap(({ name, dataType }) =>
    dataType.type === 'struct' ? leavesOf(dataType, [...above, name]) : [[[...above, name], dataType] as const],
  )
}
