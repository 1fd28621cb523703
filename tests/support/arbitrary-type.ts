import fc from 'fast-check'
import type { DataType, PrimitiveName, StructType } from '../../src/schema/data-type.js'

const PRIMITIVES: readonly PrimitiveName[] = [
  'boolean',
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'string',
  'binary',
  'date',
  'timestamp',
  'timestamp_ntz',
]

const decimal: fc.Arbitrary<DataType> = fc
  .integer({ min: 1, max: 38 })
  .chain((precision) =>
    fc.integer({ min: 0, max: precision }).map((scale) => ({ type: 'decimal', precision, scale }) as const),
  )

/** Types whose values can be compared. */
export const comparableType: fc.Arbitrary<DataType> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...PRIMITIVES).map((type) => ({ type })) },
  { weight: 1, arbitrary: decimal },
)

export const columnNames: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('id', 'Kind', 'a b', 'naïve', 'x.y', '`', '"', "o'clock", 'минус', '日付', '__proto__', 'element'),
  fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }),
)

/** Schemas at any depth, names distinct without case; comments and other metadata here and there. */
export const schemas: fc.Arbitrary<StructType> = fc.letrec<{ type: DataType; struct: StructType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'schema' },
    { weight: 5, arbitrary: comparableType },
    { weight: 1, arbitrary: fc.constantFrom<DataType>({ type: 'variant' }, { type: 'void' }) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('array' as const),
        elementType: tie('type'),
        containsNull: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('map' as const),
        keyType: tie('type'),
        valueType: tie('type'),
        valueContainsNull: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: tie('struct') },
  ),
  struct: fc
    .uniqueArray(
      fc.record({
        name: columnNames,
        dataType: tie('type'),
        nullable: fc.boolean(),
        metadata: fc.oneof(
          { weight: 3, arbitrary: fc.constant({}) },
          { weight: 1, arbitrary: fc.record({ comment: fc.string({ unit: 'grapheme' }) }) },
        ),
      }),
      { minLength: 1, maxLength: 5, selector: ({ name }) => name.toLowerCase(), depthIdentifier: 'schema' },
    )
    .map((fields) => ({ type: 'struct', fields }) as const),
})).struct
