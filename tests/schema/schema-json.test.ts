import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StructType } from '../../src/schema/data-type.js'
import { parseSchemaJson, schemaToJson } from '../../src/schema/schema-json.js'
import { schemas } from '../support/arbitrary-type.js'

const schemaOf = (...fields: readonly object[]): string => JSON.stringify({ type: 'struct', fields })
const column = (type: unknown, more: object = {}): object => ({
  name: 'c',
  type,
  nullable: true,
  metadata: {},
  ...more,
})
const only = (text: string): StructType['fields'][number] | undefined => parseSchemaJson(text).fields[0]

describe('schema JSON', () => {
  it('is the same after reading and writing, whatever the columns are', () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        const text = schemaToJson(schema)
        expect(parseSchemaJson(text)).toEqual(schema)
        expect(schemaToJson(parseSchemaJson(text))).toBe(text)
      }),
    )
  })

  it('keeps metadata of other writers, integers beyond 2^53 too', () => {
    const text =
      '{"type":"struct","fields":[{"name":"id","type":"long","nullable":false,"metadata":{"delta.identity.highWaterMark":9007199254740993,"delta.identity.allowExplicitInsert":true,"x":{"y":[1,null,"z"]}}}]}'
    expect(only(text)?.metadata['delta.identity.highWaterMark']).toBe(9007199254740993n)
    expect(schemaToJson(parseSchemaJson(text))).toBe(text)
  })

  it.each([
    ['decimal', { type: 'decimal', precision: 10, scale: 0 }],
    ['decimal(38,18)', { type: 'decimal', precision: 38, scale: 18 }],
    ['decimal(10, 4)', { type: 'decimal', precision: 10, scale: 4 }],
    ['timestamp_ntz', { type: 'timestamp_ntz' }],
    ['variant', { type: 'variant' }],
    ['void', { type: 'void' }],
    ['null', { type: 'void' }],
  ])('reads %s', (name, dataType) => {
    expect(only(schemaOf(column(name)))?.dataType).toEqual(dataType)
  })

  it('reads char(n) and varchar(n) of old writers as strings that say what they were', () => {
    expect(only(schemaOf(column('varchar(12)')))).toEqual({
      name: 'c',
      dataType: { type: 'string' },
      nullable: true,
      metadata: { __CHAR_VARCHAR_TYPE_STRING: 'varchar(12)' },
    })
    expect(only(schemaOf(column({ type: 'array', elementType: 'char(3)', containsNull: true })))?.dataType).toEqual({
      type: 'array',
      elementType: { type: 'string' },
      containsNull: true,
    })
  })

  it('takes what is left out for nullable and without metadata', () => {
    expect(only(schemaOf({ name: 'c', type: { type: 'array', elementType: 'long' } }))).toEqual({
      name: 'c',
      dataType: { type: 'array', elementType: { type: 'long' }, containsNull: true },
      nullable: true,
      metadata: {},
    })
  })

  it.each([
    'interval day to second',
    'int',
    'decimal(39,2)',
    'decimal(5,6)',
    'decimal(10,-2)',
    'geometry',
    'calendarinterval',
  ])('refuses the type %s, naming the column', (name) => {
    const nested = column({
      type: 'map',
      keyType: 'string',
      valueType: { type: 'struct', fields: [column(name, { name: 'x.y' })] },
    })
    expect(() => parseSchemaJson(schemaOf(nested))).toThrow(
      expect.objectContaining({ code: 'UnsupportedType', message: expect.stringContaining('c.value.`x.y`') }),
    )
  })

  it('refuses a user-defined type, naming the column', () => {
    expect(() => parseSchemaJson(schemaOf(column({ type: 'udt', class: 'Vector' })))).toThrow(
      expect.objectContaining({ code: 'UnsupportedType', details: { column: 'c', type: 'udt' } }),
    )
  })

  it.each([
    ['not JSON', '{"type":"struct","fields":[', 'not JSON'],
    ['a bare type', '"long"', 'not a struct'],
    ['no fields', '{"type":"struct"}', 'without a list of fields'],
    ['a field without a name', schemaOf({ type: 'long' }), 'without a name'],
    ['a field without a type', schemaOf({ name: 'c' }), 'Column c has no type'],
    ['metadata that is a list', schemaOf(column('long', { metadata: [] })), 'Column c has metadata'],
    ['nullable that is a text', schemaOf(column('long', { nullable: 'yes' })), 'Column c'],
  ])('tells %s apart from a schema: by the log or by the user', (_, text, message) => {
    expect(() => parseSchemaJson(text)).toThrow(
      expect.objectContaining({ code: 'CorruptLog', message: expect.stringContaining(message) }),
    )
    expect(() => parseSchemaJson(text, 'InvalidSchema')).toThrow(expect.objectContaining({ code: 'InvalidSchema' }))
  })
})
