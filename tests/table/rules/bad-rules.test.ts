import { describe, expect, it } from 'vitest'
import { type CreateOptions, DeltaTable } from '../../../src/index.js'
import { newTableUrl } from './new-table-url.js'

describe('rules that cannot be applied', () => {
  it.each<[string, CreateOptions, string, RegExp]>([
    ['a constraint over an unknown column', constraint('amont > 0'), 'UnknownColumn', /CHECK constraint c .*amount/],
    ['a constraint that is no condition', constraint('amount + 1'), 'UnsupportedFeature', /taken for a condition/],
    ['a constraint that does not parse', constraint('amount >'), 'InvalidArgument', /Expected a value at the end/],
    ['a constraint with two expressions', constraint('amount > 0; DROP TABLE t'), 'InvalidArgument', /";/],
    ['a constraint with a subquery', constraint('amount IN (SELECT 1)'), 'InvalidArgument', /SELECT/],
    ['a function that is not known', constraint('soundex(kind) = 1'), 'UnsupportedFeature', /soundex\(\)/],
    [
      'a function that is not known, nearly',
      constraint('lenght(kind) = 1'),
      'UnsupportedFeature',
      /did you mean length/,
    ],
    [
      'a cast that differs',
      constraint("CAST(ratio AS STRING) = 'x'"),
      'UnsupportedFeature',
      /cast of DOUBLE to STRING/,
    ],
    ['a comparison that differs', constraint("amount > '5'"), 'UnsupportedFeature', /INT and a text/],
    ['a rounding that differs', constraint('ratio = round(ratio, 2)'), 'UnsupportedFeature', /round\(\)/],
    ['a regular expression that differs', constraint("kind RLIKE '(?=a)'"), 'UnsupportedFeature', /regular expression/],
    ['a text that depends on settings', constraint("kind = 'it''s'"), 'InvalidArgument', /quote that is written twice/],
    ['a date that is none', constraint("day > '2026-02-31'"), 'InvalidArgument', /2026-02-31/],
    ['a default with a column', schema('a INT, b INT DEFAULT a'), 'UnknownColumn', /default of column b/],
    ['a default of another type', schema("b INT DEFAULT 'x' "), 'UnsupportedFeature', /default of column b|text/],
    ['a generated column over itself', schema('a INT, b INT GENERATED ALWAYS AS (b + 1)'), 'UnknownColumn', /column b/],
    [
      'a generated column that changes',
      schema('a STRING GENERATED ALWAYS AS (uuid()), b INT'),
      'UnsupportedFeature',
      /uuid/,
    ],
    ['a numbered text', schema('a STRING GENERATED ALWAYS AS IDENTITY'), 'InvalidSchema', /BIGINT/],
    [
      'a number without a step',
      schema('a BIGINT GENERATED ALWAYS AS IDENTITY (INCREMENT BY 0)'),
      'InvalidSchema',
      /step/,
    ],
    [
      'two ways to compute a column',
      schema('a BIGINT DEFAULT 1 GENERATED ALWAYS AS IDENTITY'),
      'InvalidSchema',
      /one of them/,
    ],
  ])('%s is refused when the table is made', async (_, options, code, message) => {
    const url = newTableUrl()
    const created = DeltaTable.create(url, options)
    await expect(created).rejects.toMatchObject({ code })
    await expect(created).rejects.toThrow(message)
    expect(await DeltaTable.exists(url)).toBe(false)
  })
})

function constraint(c: string): CreateOptions {
  return { schema: 'amount INT, kind STRING, day DATE, ratio DOUBLE', constraints: { c } }
}

function schema(text: string): CreateOptions {
  return { schema: text }
}
