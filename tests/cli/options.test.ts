import { describe, expect, it } from 'vitest'
import { collectProperty, collectTable, transactionId } from '../../cli/options/compound.js'
import { nameList } from '../../cli/options/name-list.js'
import { csvLine } from '../../cli/output/csv-text.js'
import { jsonText } from '../../cli/output/json-text.js'

describe('options', () => {
  it.each([
    ['a,b', ['a', 'b']],
    [' a , b ', ['a', 'b']],
    ['`a, b`,c', ['a, b', 'c']],
    ['"say ""hi""",`x``y`', ['say "hi"', 'x`y']],
    ['a.b c', ['a.b c']],
  ])('names: %s', (text, names) => {
    expect(nameList(text)).toEqual(names)
  })

  it.each(['', 'a,,b', ',a'])('refuses names such as "%s"', (text) => {
    expect(() => nameList(text)).toThrow('separated by commas')
  })

  it.each([
    ['t=./path', { name: 't', url: './path' }],
    ['t=s3://b/p@v12', { name: 't', url: 's3://b/p', version: 12 }],
    ['t=/a@b/c', { name: 't', url: '/a@b/c' }],
    ['t=/a@2026-01-01T00:00:00Z', { name: 't', url: '/a', timestamp: '2026-01-01T00:00:00Z' }],
    ['t=/a=b@v3', { name: 't', url: '/a=b', version: 3 }],
  ])('a table of a query: %s', (text, reference) => {
    expect(collectTable(text)).toEqual([reference])
  })

  it('collects what is repeated', () => {
    expect(collectTable('b=y', collectTable('a=x'))).toHaveLength(2)
    expect(collectProperty('b=2=3', collectProperty('a='))).toEqual({ a: '', b: '2=3' })
  })

  it('takes application ids with colons in them', () => {
    expect(transactionId('a:b:7')).toEqual({ appId: 'a:b', version: 7 })
    for (const text of ['a', 'a:', ':1', 'a:x', 'a:-1']) expect(() => transactionId(text)).toThrow('APP:VERSION')
  })
})

describe('text of values', () => {
  it('loses nothing in JSON', () => {
    const value = {
      long: 9223372036854775807n,
      zero: -0,
      nan: Number.NaN,
      far: Number.NEGATIVE_INFINITY,
      at: new Date(0),
      bytes: Uint8Array.of(255),
      map: new Map([['k', 1n]]),
      pairs: new Map([[1n, 'one']]),
      missing: undefined,
      nothing: null,
    }
    expect(jsonText(value)).toBe(
      '{"long":9223372036854775807,"zero":-0.0,"nan":"NaN","far":"-Infinity","at":"1970-01-01T00:00:00.000Z","bytes":"/w==","map":{"k":1},"pairs":[[1,"one"]],"nothing":null}',
    )
    expect(JSON.parse(jsonText({ a: [1, { b: [] }], c: {} }, 2))).toEqual({ a: [1, { b: [] }], c: {} })
  })

  it('tells null from empty text in CSV', () => {
    expect(csvLine([null, '', 'a"b,c\nd', 1n, true, [1], Uint8Array.of(1)])).toBe(',"","a""b,c\nd",1,true,[1],AQ==\n')
  })
})
