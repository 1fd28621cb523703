import { describe, expect, it } from 'vitest'
import { bindPredicate } from '../../src/expressions/bind.js'
import { col } from '../../src/expressions/column-builder.js'
import { mightMatch } from '../../src/expressions/might-match.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import type { AddFile, RemoveFile } from '../../src/protocol/actions/action.js'
import { fileBounds } from '../../src/scan/file-bounds.js'
import { snapshotOf } from '../support/snapshot-of.js'

const snapshot = snapshotOf({ schema: 'p STRING, s STRING, n STRUCT<x: INT>', partitionColumns: ['p'], chunks: [] })
const long = 'z'.repeat(32)
const file = {
  partitionValues: { p: 'a' },
  stats: JSON.stringify({
    numRecords: 3,
    minValues: { s: 'b', n: { x: 1 } },
    maxValues: { s: long, n: { x: 2 } },
    nullCount: { s: 0, n: { x: 3 } },
  }),
} as unknown as AddFile

function might(where: Predicate, action: AddFile | RemoveFile = file): boolean {
  const bound = bindPredicate(where, snapshot.schema)
  return mightMatch(bound, fileBounds(snapshot, action, bound))
}

describe('the bounds of one file', () => {
  it.each([
    [col('p').eq('a'), true],
    [col('p').ne('a'), false],
    [col('s').lt('b'), false],
    [col('s').eq(`${long}z`), true],
    [col('s').isNull(), false],
    [col('n.x').gt(0), false],
    [col('n.x').isNull(), true],
    [col('n').isNull(), true],
    [col('p').eq('b').or(col('s').ge('{')), false],
  ])('come from its partition values and statistics: %j', (where, expected) => {
    expect(might(where)).toBe(expected)
  })

  it('are open where the action does not say', () => {
    const removed = { type: 'remove', path: 'x', dataChange: true } as const
    expect(might(col('p').eq('b').and(col('s').lt('b')), removed)).toBe(true)
  })
})
