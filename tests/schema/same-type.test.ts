import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sameType } from '../../src/schema/same-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { schemas } from '../support/arbitrary-type.js'

it('types are the same whatever is said about them', () => {
  const plain = parseSchemaText('a INT, s STRUCT<x: ARRAY<INT>, m: MAP<STRING, DECIMAL(5,2)>>')
  const described = parseSchemaText(
    "a INT NOT NULL COMMENT 'x', s STRUCT<x: ARRAY<INT NOT NULL>, m: MAP<STRING, DECIMAL(5,2) NOT NULL> NOT NULL>",
  )
  expect(sameType(plain, described)).toBe(true)
  fc.assert(fc.property(schemas, (schema) => sameType(schema, structuredClone(schema))))
})

it.each([
  ['a INT', 'a BIGINT'],
  ['a INT', 'A INT'],
  ['a INT', 'a INT, b INT'],
  ['a DECIMAL(5,2)', 'a DECIMAL(5,1)'],
  ['a ARRAY<INT>', 'a ARRAY<STRING>'],
  ['a MAP<INT, INT>', 'a MAP<INT, DATE>'],
  ['a MAP<INT, INT>', 'a MAP<DATE, INT>'],
  ['a STRUCT<x: INT>', 'a STRUCT<y: INT>'],
])('%s and %s differ', (a, b) => {
  expect(sameType(parseSchemaText(a), parseSchemaText(b))).toBe(false)
})
