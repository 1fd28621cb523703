import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/schema/data-type.js'
import { parseJson, stringifyJson } from '../../src/schema/lossless-json.js'

/** Plain JSON with integers that no double holds here and there. */
const values = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { maxKeys: 3 }),
  ),
})).value

describe('JSON without loss', () => {
  it('comes back as it was written, integers of any size included', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = stringifyJson(value)
        expect(stringifyJson(parseJson(text))).toBe(text)
      }),
    )
    expect(parseJson('{"a":[9007199254740993,-9007199254740992,9007199254740991]}')).toEqual({
      a: [9007199254740993n, -9007199254740992n, 9007199254740991],
    })
  })

  it('is read as JSON.parse reads it where numbers are small, and where they force a closer look', () => {
    const big = fc.constantFrom('', ',1234567890123456789')
    fc.assert(
      fc.property(fc.json(), big, fc.constantFrom('', ' ', '\n\t'), (json, more, space) => {
        const text = `[${space}${json}${space}${more}]`
        const read = parseJson(text) as readonly JsonValue[]
        expect(JSON.parse(stringifyJson(read[0] as JsonValue))).toEqual(JSON.parse(json))
      }),
    )
  })

  it.each([
    '[12345678901234567890',
    '{"a":12345678901234567890,}',
    '[1234567890123456 1]',
    '["1234567890123456]',
    '[01234567890123456]',
    '1234567890123456 x',
  ])('is refused with a position where it is none: %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
  })

  it('is refused where it is nested without end', () => {
    expect(() => parseJson(`${'['.repeat(100_000)}1234567890123456`)).toThrow(/nested deeper/)
  })
})
