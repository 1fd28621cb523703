import { describe, expect, it } from 'vitest'
import {
  columnMappingMode,
  fieldId,
  nestedFieldId,
  physicalName,
  physicalSchema,
  storedName,
} from '../../src/schema/column-mapping.js'
import type { StructField, StructType } from '../../src/schema/data-type.js'
import { parseSchemaJson } from '../../src/schema/schema-json.js'

const mapped = (name: string, type: unknown, id: number): object => ({
  name,
  type,
  nullable: true,
  metadata: { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': `col-${id}` },
})
const schemaOf = (...fields: readonly object[]): StructType =>
  parseSchemaJson(JSON.stringify({ type: 'struct', fields }))
const schema = schemaOf(
  mapped(
    'e',
    { type: 'array', elementType: { type: 'struct', fields: [mapped('d', 'integer', 5)] }, containsNull: true },
    4,
  ),
  mapped('m', { type: 'map', keyType: 'string', valueType: { type: 'struct', fields: [mapped('v', 'long', 7)] } }, 6),
)
const first = schema.fields[0] as StructField

describe('column mapping', () => {
  it('tells the names and ids that columns have in files, at any depth', () => {
    const physical = physicalSchema(schema, 'name')
    expect(JSON.stringify(physical)).toContain('"name":"col-7"')
    expect(physical.fields.map((field) => field.name)).toEqual(['col-4', 'col-6'])
    expect(physical.fields[0]?.dataType).toMatchObject({ elementType: { fields: [{ name: 'col-5' }] } })
    expect(physicalName(first)).toBe('col-4')
    expect(fieldId(first)).toBe(4)
  })

  it('is ignored in mode none', () => {
    expect(physicalSchema(schema, 'none')).toBe(schema)
    expect(storedName(first, 'none')).toBe('e')
    expect(storedName(first, 'id')).toBe('col-4')
  })

  it('needs a name for each column, and an id where columns go by id', () => {
    const metadata = { 'delta.columnMapping.physicalName': 'col-1' }
    const unnamed = schemaOf({ name: 's', type: { type: 'struct', fields: [{ name: 'x', type: 'long' }] }, metadata })
    expect(() => physicalSchema(unnamed, 'name')).toThrow(
      expect.objectContaining({ code: 'CorruptLog', message: expect.stringContaining('s.x has no') }),
    )
    const withoutId = schemaOf({ name: 'x', type: 'long', metadata })
    expect(physicalSchema(withoutId, 'name').fields[0]?.name).toBe('col-1')
    expect(() => physicalSchema(withoutId, 'id')).toThrow(expect.objectContaining({ code: 'CorruptLog' }))
  })

  it('has ids for elements, keys and values where Iceberg needs them', () => {
    const field = {
      ...first,
      metadata: {
        'delta.columnMapping.physicalName': 'col-bbb',
        'delta.columnMapping.nested.ids': { 'col-bbb.key': 102, 'col-bbb.value.element': 104 },
      },
    }
    expect(nestedFieldId(field, ['key'])).toBe(102)
    expect(nestedFieldId(field, ['value', 'element'])).toBe(104)
    expect(nestedFieldId(field, ['value'])).toBeUndefined()
    expect(nestedFieldId(first, ['element'])).toBeUndefined()
  })

  it.each([
    [{ 'delta.columnMapping.mode': 'name' }, 'name'],
    [{ 'delta.columnMapping.mode': 'ID' }, 'id'],
    [{ 'delta.columnMapping.mode': 'none' }, 'none'],
    [{}, 'none'],
  ])('%j means %s', (configuration, mode) => {
    expect(columnMappingMode(configuration as { [key: string]: string })).toBe(mode)
  })

  it('refuses a mode that it does not know', () => {
    expect(() => columnMappingMode({ 'delta.columnMapping.mode': 'uuid' })).toThrow(
      expect.objectContaining({ code: 'CorruptLog', message: expect.stringContaining('uuid') }),
    )
  })
})
