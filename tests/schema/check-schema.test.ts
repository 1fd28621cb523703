import { describe, expect, it } from 'vitest'
import { checkPartitionColumns, checkSchema } from '../../src/schema/check-schema.js'
import { checkVoidColumns } from '../../src/schema/check-void-columns.js'
import type { StructType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

const invalid = (column: string): object =>
  expect.objectContaining({ code: 'InvalidSchema', details: expect.objectContaining({ column }) })

describe('a schema for a new table', () => {
  it('may have any type and any usual name', () => {
    checkSchema(
      parseSchemaText('id INT, größe STRING, `a-b.c` ARRAY<STRUCT<x: INT>>, m MAP<STRING, STRUCT<x: INT>>'),
      'none',
    )
  })

  it.each([
    ['a INT, B INT, A INT', 'A'],
    ['s STRUCT<x: INT, X: INT>', 's.X'],
    ['m MAP<STRING, ARRAY<STRUCT<x: INT, X: INT>>>', 'm.value.element.X'],
    ['`a b` INT', '`a b`'],
    ['k MAP<STRUCT<`x=1`: INT>, INT>', 'k.key.`x=1`'],
  ])('is refused where names collide or hurt: %s', (text, column) => {
    expect(() => checkSchema(parseSchemaText(text), 'none')).toThrow(invalid(column))
  })

  it('may have odd names under column mapping, but not the same twice', () => {
    checkSchema(parseSchemaText('`a b` INT, `x;y` STRUCT<`p,q`: INT>'), 'name')
    expect(() => checkSchema(parseSchemaText('`a b` INT, `A B` INT'), 'id')).toThrow(invalid('`A B`'))
  })

  it('needs columns with names', () => {
    const empty: StructType = { type: 'struct', fields: [] }
    const field = { nullable: true, metadata: {} }
    expect(() => checkSchema(empty, 'none')).toThrow(/no columns/)
    expect(() => checkSchema({ type: 'struct', fields: [{ ...field, name: 's', dataType: empty }] }, 'name')).toThrow(
      invalid('s'),
    )
    expect(() =>
      checkSchema({ type: 'struct', fields: [{ ...field, name: '', dataType: { type: 'long' } }] }, 'name'),
    ).toThrow(/name is empty/)
  })
})

describe('partition columns', () => {
  const schema = parseSchemaText('Day DATE, kind STRING, n INT, tags ARRAY<INT>, s STRUCT<x: INT>, v VARIANT')

  it('are answered as the schema spells them', () => {
    expect(checkPartitionColumns(schema, ['day', 'KIND'])).toEqual(['Day', 'kind'])
    expect(checkPartitionColumns(schema, [])).toEqual([])
  })

  it.each(['tags', 's', 'v'])('cannot be of a type without text: %s', (name) => {
    expect(() => checkPartitionColumns(schema, [name])).toThrow(invalid(name))
  })

  it('exist, once each, and leave a column for the files', () => {
    expect(() => checkPartitionColumns(schema, ['dya'])).toThrow(expect.objectContaining({ code: 'UnknownColumn' }))
    expect(() => checkPartitionColumns(schema, ['n', 'N'])).toThrow(invalid('n'))
    expect(() => checkPartitionColumns(parseSchemaText('a INT, b INT'), ['a', 'b'])).toThrow(/at least one column/)
  })
})

describe('void columns', () => {
  it('may stand beside others', () => {
    checkVoidColumns(parseSchemaText('a VOID, b INT, s STRUCT<x: VOID, y: ARRAY<INT>>'))
  })

  it.each([
    ['a ARRAY<VOID>', 'a.element'],
    ['m MAP<STRING, ARRAY<STRUCT<x: VOID, y: INT>>>', 'm.value.element.x'],
    ['b INT, s STRUCT<x: VOID>', 's'],
  ])('cannot be written where no file could say what is there: %s', (text, column) => {
    expect(() => checkVoidColumns(parseSchemaText(text))).toThrow(invalid(column))
  })

  it('cannot be all that a table has', () => {
    expect(() => checkVoidColumns(parseSchemaText('a VOID'))).toThrow(/void columns only/)
  })
})
