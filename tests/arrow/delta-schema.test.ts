import * as arrow from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrowSchema } from '../../src/arrow/arrow-schema.js'
import { deltaSchema } from '../../src/arrow/delta-schema.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import type { DataType, StructType } from '../../src/schema/data-type.js'
import { typeText } from '../../src/schema/type-text.js'
import { schemas } from '../support/arbitrary-type.js'

const schemaOf = (type: arrow.DataType): arrow.Schema => new arrow.Schema([new arrow.Field('c', type, true)])

describe('the Delta schema of Arrow data', () => {
  it('is the one that the Arrow schema was made of', () => {
    fc.assert(
      fc.property(schemas, (generated) => {
        const schema = withoutMetadata(generated) as StructType
        expect(typeText(deltaSchema(arrowSchema(schema), { naiveTimestamps: 'ntz' }))).toBe(typeText(schema))
      }),
    )
  })

  it.each<[string, arrow.DataType, string]>([
    ['uint8', new arrow.Uint8(), 'short'],
    ['uint32', new arrow.Uint32(), 'long'],
    ['uint64', new arrow.Uint64(), 'decimal'],
    ['float16', new arrow.Float16(), 'float'],
    ['large strings', new arrow.LargeUtf8(), 'string'],
    ['views of binaries', new arrow.BinaryView(), 'binary'],
    ['dictionaries', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), 'string'],
    ['dates in milliseconds', new arrow.DateMillisecond(), 'date'],
    ['nanoseconds', new arrow.TimestampNanosecond('UTC'), 'timestamp'],
    ['timestamps without a zone', new arrow.TimestampSecond(), 'timestamp'],
  ])('takes %s', (_, type, expected) => {
    expect(deltaSchema(schemaOf(type)).fields[0]?.dataType.type).toBe(expected)
  })

  it('asks what timestamps without a zone are where told to', () => {
    const schema = schemaOf(new arrow.TimestampMicrosecond())
    expect(deltaSchema(schema, { naiveTimestamps: 'ntz' }).fields[0]?.dataType.type).toBe('timestamp_ntz')
    expect(() => deltaSchema(schema, { naiveTimestamps: 'error' })).toThrow(/naiveTimestamps/)
  })

  it.each<[string, arrow.DataType]>([
    ['times of day', new arrow.TimeMillisecond()],
    ['durations', new arrow.DurationSecond()],
    ['decimals of more than 38 digits', new arrow.Decimal(0, 39, 256)],
  ])('refuses %s by name', (_, type) => {
    const inner = new arrow.Schema([new arrow.Field('s', new arrow.Struct([new arrow.Field('c', type, true)]), true)])
    const error = ((): unknown => {
      try {
        return deltaSchema(inner)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(isDeltaError(error, 'UnsupportedType') && error.details.column).toBe('s.c')
  })

  it('has column mapping ids where asked for, nested ones too', () => {
    const field = {
      name: 'l',
      dataType: { type: 'array', elementType: { type: 'long' }, containsNull: true },
      nullable: true,
      metadata: {
        'delta.columnMapping.id': 3,
        'delta.columnMapping.physicalName': 'col-l',
        'delta.columnMapping.nested.ids': { 'col-l.element': 4 },
      },
    } as const
    const [mapped] = arrowSchema({ type: 'struct', fields: [field] }, { fieldIds: true }).fields as [arrow.Field]
    expect(mapped.metadata.get('PARQUET:field_id')).toBe('3')
    expect((mapped.type.children[0] as arrow.Field).metadata.get('PARQUET:field_id')).toBe('4')
  })
})

/** Arrow fields carry no comments. */
function withoutMetadata(type: DataType): DataType {
  switch (type.type) {
    case 'struct':
      return {
        ...type,
        fields: type.fields.map((field) => ({ ...field, metadata: {}, dataType: withoutMetadata(field.dataType) })),
      }
    case 'array':
      return { ...type, elementType: withoutMetadata(type.elementType) }
    case 'map':
      return { ...type, keyType: withoutMetadata(type.keyType), valueType: withoutMetadata(type.valueType) }
    default:
      return type
  }
}
