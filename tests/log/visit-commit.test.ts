import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visitCommitBackward } from '../../src/log/replay/visit-commit.js'
import type { Action } from '../../src/protocol/actions/action.js'
import { parseCommit } from '../../src/protocol/actions/parse-commit.js'
import { serializeCommit } from '../../src/protocol/actions/serialize-commit.js'
import { addFile, metadata, protocol, removeFile } from './test-log.js'

function visited(content: string | Uint8Array): Action[] {
  const actions: Action[] = []
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  visitCommitBackward(bytes, 'commit.json', (action) => actions.push(action))
  return actions
}

const actions: Action[] = [
  { type: 'commitInfo', operation: 'WRITE' },
  protocol(),
  metadata(),
  addFile('ü', { stats: '{"numRecords":1,"maxValues":{"id":9223372036854775807}}' }),
  removeFile('b', { size: 5 }),
  { type: 'txn', appId: 'app', version: 9_007_199_254_740_993n },
]

describe('the actions of a commit, the last first', () => {
  it('are those of the parser, without commitInfo', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actions)), fc.constantFrom('\n', '\r\n', '\n\n'), (list, newline) => {
        const text = new TextDecoder().decode(serializeCommit(list)).replaceAll('\n', newline)
        const bytes = new TextEncoder().encode(text)
        const expected = parseCommit(bytes, 'commit.json').filter(({ type }) => type !== 'commitInfo')
        expect(visited(bytes)).toEqual(expected.reverse())
      }),
    )
  })

  it('are found whatever spaces there are, whether the last line ends or not, and where unknown actions lie between', () => {
    const text =
      '{"future":{}}\n { "add" : {"path":"a","partitionValues":{},"size":1,"modificationTime":2,"dataChange":true} }'
    expect(visited(text)).toEqual(visited(`${text}\n`))
    expect(visited(text)).toMatchObject([{ type: 'add', path: 'a' }])
  })

  it('are none in an empty file', () => {
    expect(visited('')).toEqual([])
    expect(visited('\n\n')).toEqual([])
  })

  it('keep integers that a double cannot hold in fields of newer writers', () => {
    const line =
      '{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":2,"dataChange":true,"new":9007199254740993}}'
    expect(visited(line)).toMatchObject([{ new: 9_007_199_254_740_993n }])
  })

  it('are found in commits that are decoded piece by piece', () => {
    const large = addFile('large', { stats: JSON.stringify('x'.repeat(40 << 20)) })
    const list = [addFile('first'), large, addFile('last')]
    expect(visited(serializeCommit(list)).map((action) => 'path' in action && action.path)).toEqual([
      'last',
      'large',
      'first',
    ])
  })

  it.each([1, 2, 10, 40, 90])(
    'are refused where the file is cut %i bytes before its end, and the error names file and line',
    (cut) => {
      const bytes = serializeCommit([protocol(), addFile('a')])
      const failure = expect(() => visited(bytes.subarray(0, bytes.length - 1 - cut)))
      failure.toThrow(expect.objectContaining({ code: 'CorruptLog', details: { path: 'commit.json' } }))
      failure.toThrow(/commit\.json is damaged: line 2:/)
    },
  )

  it('are refused where all that is left is half a commitInfo', () => {
    expect(() => visited('{"commitInfo":{"operation":"WRITE","operationParameters":{"mode":"Append"}')).toThrow(
      /line 1/,
    )
  })

  it.each([
    ['no UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)],
    ['a required field missing', '{"add":{"path":"a"}}'],
    ['a field of the wrong type', '{"remove":{"path":7,"dataChange":true}}'],
    ['no object', '[]'],
    ['no JSON', 'add'],
  ])('are refused where there is %s', (_, content) => {
    expect(() => visited(content)).toThrow(expect.objectContaining({ code: 'CorruptLog' }))
  })
})
