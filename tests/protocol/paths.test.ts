import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFilePath } from '../../src/protocol/file-path.js'
import { partitionDirectory } from '../../src/protocol/partition-directory.js'

describe('partitionDirectory', () => {
  it.each([
    ['plain', 'p=plain'],
    ['a b', 'p=a b'],
    ['a/b', 'p=a%2Fb'],
    ['100%', 'p=100%25'],
    ['a:b=c?d#e', 'p=a%3Ab%3Dc%3Fd%23e'],
    [`"'*\\{[]^\u0001\u007f`, 'p=%22%27%2A%5C%7B%5B%5D%5E%01%7F'],
    ['ü😈+&', 'p=ü😈+&'],
  ])('names the folder of %j as Spark does', (value, directory) => {
    expect(partitionDirectory([['p', value]])).toBe(directory)
  })

  it('names the folder of a null, joins columns and escapes their names', () => {
    expect(
      partitionDirectory([
        ['a', null],
        ['b', ''],
        ['c/d', '1'],
      ]),
    ).toBe('a=__HIVE_DEFAULT_PARTITION__/b=__HIVE_DEFAULT_PARTITION__/c%2Fd=1')
    expect(partitionDirectory([])).toBe('')
  })

  it('never leaves its place in the tree: one segment a column', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (column, value) => {
        const directory = partitionDirectory([[column, value]])
        expect(directory).not.toContain('/')
        expect(['.', '..']).not.toContain(directory)
      }),
    )
  })
})

describe('encodeFilePath', () => {
  it('encodes a folder that is escaped already once more', () => {
    expect(encodeFilePath('p=a%3Ab c/part-0.parquet')).toBe('p=a%253Ab%20c/part-0.parquet')
  })

  it('is undone by percent-decoding, and holds nothing that could read as a scheme, a query or a fragment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (key) => {
        const path = encodeFilePath(key)
        expect(decodeURIComponent(path)).toBe(key)
        expect(path).not.toMatch(/[:?#\\ ]/)
      }),
    )
  })
})
