import { describe, expect, it } from 'vitest'
import { resolveColumn } from '../../src/schema/resolve-column.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

const schema = parseSchemaText(
  'Id INT, address STRUCT<City: STRING, `a.b`: INT>, tags ARRAY<STRUCT<x: INT>>, kind INT, KIND INT',
)

describe('columns by name', () => {
  it('are found without case, and answered as the schema spells them', () => {
    expect(resolveColumn(schema, ['ID']).path).toEqual(['Id'])
    const city = resolveColumn(schema, ['ADDRESS', 'city'])
    expect(city.path).toEqual(['address', 'City'])
    expect(city.field.dataType).toEqual({ type: 'string' })
    expect(city.fields.map((field) => field.name)).toEqual(['address', 'City'])
  })

  it('are ambiguous where names differ only in case, unless one is spelled exactly', () => {
    expect(resolveColumn(schema, ['KIND']).path).toEqual(['KIND'])
    expect(() => resolveColumn(schema, ['Kind'])).toThrow(
      expect.objectContaining({ code: 'AmbiguousColumn', message: expect.stringContaining('kind or KIND') }),
    )
  })

  it.each([
    [['adress', 'City'], 'There is no column adress. Did you mean address?'],
    [['address', 'Citty'], 'There is no column address.Citty. Did you mean City?'],
    [['address', 'a', 'b'], 'There is no column address.a. There are City, `a.b`.'],
    [['Id', 'x'], 'There is no column Id.x. Id is not a struct.'],
    [['tags', 'element', 'x'], 'tags is not a struct'],
    [[], 'at least one name'],
  ])('say what is there instead of %j', (path, message) => {
    expect(() => resolveColumn(schema, path)).toThrow(
      expect.objectContaining({ code: 'UnknownColumn', message: expect.stringContaining(message) }),
    )
  })
})
