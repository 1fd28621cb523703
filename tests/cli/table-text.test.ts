import { describe, expect, it } from 'vitest'
import { tableText } from '../../cli/output/table-text.js'

describe('a table for people', () => {
  it('has numbers to the right, nulls named, and nothing that moves the cursor', () => {
    expect(
      tableText(
        ['n', 'text'],
        [
          [1, 'a\nb\u001b[31m'],
          [1234n, null],
        ],
      ),
    ).toBe('   n  text\n----  --------------\n   1  a\\nb\\u001b[31m\n1234  NULL\n')
  })

  it('cuts texts, never numbers, to fit the screen', () => {
    const text = tableText(['id', 'text'], [[12345678901234567890n, 'x'.repeat(100)]], { width: 40 })
    expect(text.split('\n')[2]).toBe(`12345678901234567890  ${'x'.repeat(17)}…`)
    expect(text.split('\n').every((line) => line.length <= 40)).toBe(true)
  })

  it('gives wide characters two places', () => {
    const lines = tableText(
      ['a', 'b'],
      [
        ['漢字', 'x'],
        ['ab', 'y'],
      ],
    ).split('\n')
    expect(lines.slice(2, 4)).toEqual(['漢字  x', 'ab    y'])
  })

  it('is readable on a terminal that says it has no columns', () => {
    expect(tableText(['text'], [['abcdefghijklmnop']], { width: 0 })).toContain('abcdefghijklmnop')
  })
})
