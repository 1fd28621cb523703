import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DeltaTable, type StandardSchema, schemaFrom, schemaText } from '../../../src/index.js'

const Event = z.object({
  id: z.bigint(),
  kind: z.enum(['click', 'view']),
  amount: z.number().optional(),
  count: z.int32().nullable(),
  at: z.date(),
  day: z.iso.date().default('2026-01-01'),
  raw: z.instanceof(Uint8Array).nullish(),
  ok: z.boolean(),
  tags: z.array(z.string().nullable()),
  place: z.object({ city: z.string(), zip: z.string().optional() }).optional(),
  marks: z.map(z.string(), z.number()),
  parsed: z.string().transform(Number).pipe(z.number()),
  note: z.union([z.string().min(3), z.literal(''), z.null()]),
})

describe('a schema from a zod object', () => {
  it('has a column for each field, null where it may be undefined or null', () => {
    expect(schemaText(schemaFrom(Event))).toBe(
      [
        'id BIGINT NOT NULL',
        'kind STRING NOT NULL',
        'amount DOUBLE',
        'count INT',
        'at TIMESTAMP NOT NULL',
        'day DATE NOT NULL',
        'raw BINARY',
        'ok BOOLEAN NOT NULL',
        'tags ARRAY<STRING> NOT NULL',
        'place STRUCT<city: STRING NOT NULL, zip: STRING>',
        'marks MAP<STRING, DOUBLE NOT NULL> NOT NULL',
        'parsed DOUBLE NOT NULL',
        'note STRING',
      ].join(', '),
    )
  })

  it('takes what zod gives, and gives it back', async () => {
    const rows = [
      {
        id: 1n,
        kind: 'click',
        count: null,
        at: new Date(5),
        ok: true,
        tags: ['a', null],
        place: { city: 'Ulm' },
        marks: new Map([['x', 0.5]]),
        parsed: '1.5',
        note: '',
      },
    ].map((row) => Event.parse(row))
    const table = await DeltaTable.create('memory://tables/from-zod', { schema: schemaFrom(Event) })
    await table.append(rows)
    const [row] = await (await DeltaTable.open(table.url, { schema: schemaFrom(Event) })).rows()
    expect(row).toEqual({ ...rows[0], amount: null, raw: null, place: { city: 'Ulm', zip: null } })
  })

  it.each<[string, z.ZodType, string]>([
    ['a record', z.record(z.string(), z.number()), 'z.map()'],
    ['a tuple', z.tuple([z.string()]), 'z.object()'],
    ['a set', z.set(z.string()), 'z.array()'],
    ['anything', z.unknown(), 'which type'],
    ['the result of a function', z.string().transform(Number), '.pipe()'],
    ['several types', z.union([z.string(), z.number()]), 'one type'],
    ['values of several types', z.literal(['a', 1]), 'one type'],
    ['a big integer beyond long', z.uint64(), 'z.int64()'],
    ['a type of its own', z.custom<string>(), 'Uint8Array'],
  ])('names the column that is %s', (_, type, help) => {
    const schema = z.object({ place: z.object({ odd: z.array(type) }) })
    expect(() => schemaFrom(schema)).toThrow(
      expect.objectContaining({
        code: 'UnsupportedType',
        details: { column: 'place.odd.element' },
        message: expect.stringContaining(help),
      }),
    )
  })

  it('names all columns that no column can hold at once', () => {
    const place = z.object({ odd: z.set(z.string()), even: z.string(), any: z.any() })
    expect(() => schemaFrom(z.object({ id: z.bigint(), pair: z.tuple([z.string()]), place }))).toThrow(
      expect.objectContaining({
        code: 'UnsupportedType',
        details: { columns: ['pair', 'place.odd', 'place.any'] },
        message: expect.stringMatching(/Column pair .* Column place\.odd .* Column place\.any /),
      }),
    )
  })

  it.each([{}, null, undefined, 'id BIGINT', 5])('refuses %j, which is no schema', (given) => {
    expect(() => schemaFrom(given as never)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  })
})

describe('a schema from any Standard Schema', () => {
  const standard = (json?: Record<string, unknown>): StandardSchema<{ id: number }> => ({
    '~standard': { version: 1, vendor: 'mine', ...(json && { jsonSchema: { output: () => json } }) },
  })

  it('goes by what it says of itself', () => {
    const { '~standard': own } = Event.omit({ id: true, at: true, raw: true, marks: true, parsed: true })
    const json = own.jsonSchema.output({ target: 'draft-2020-12' })
    expect(schemaText(schemaFrom(standard(json)))).toBe(
      'kind STRING NOT NULL, amount DOUBLE, count DOUBLE, day DATE NOT NULL, ok BOOLEAN NOT NULL, tags ARRAY<STRING> NOT NULL, place STRUCT<city: STRING NOT NULL, zip: STRING>, note STRING',
    )
  })

  it.each<[string, Record<string, unknown> | undefined, string]>([
    ['that says nothing', undefined, 'mine'],
    ['of something else than rows', { type: 'string' }, 'A row is an object'],
    ['with a field of any type', { type: 'object', properties: { a: {} } }, 'Column a'],
    ['with a reference', { type: 'object', properties: { a: { $ref: '#' } } }, 'Column a'],
    ['with any keys', { type: 'object', properties: { a: { type: 'object' } } }, 'Name its fields'],
  ])('refuses one %s', (_, json, text) => {
    expect(() => schemaFrom(standard(json))).toThrow(
      expect.objectContaining({ code: 'UnsupportedType', message: expect.stringContaining(text) }),
    )
  })
})
