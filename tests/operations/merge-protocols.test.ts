import { describe, expect, it } from 'vitest'
import { mergeProtocols } from '../../src/operations/restore/merge-protocols.js'
import type { Protocol } from '../../src/protocol/actions/action.js'

const legacy: Protocol = { type: 'protocol', minReaderVersion: 1, minWriterVersion: 2 }
const withVectors: Protocol = {
  type: 'protocol',
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ['deletionVectors'],
  writerFeatures: ['appendOnly', 'deletionVectors', 'invariants'],
}

describe('the protocol after a restore', () => {
  it('stays as it is where it allows all that the older version asks for', () => {
    expect(mergeProtocols(withVectors, legacy)).toBe(withVectors)
    expect(mergeProtocols(legacy, legacy)).toBe(legacy)
  })

  it('allows what both ask for where a feature was dropped since', () => {
    expect(mergeProtocols(legacy, withVectors)).toEqual(withVectors)
    const changes: Protocol = { type: 'protocol', minReaderVersion: 1, minWriterVersion: 4 }
    expect(mergeProtocols(changes, withVectors)).toMatchObject({
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ['deletionVectors'],
      writerFeatures: expect.arrayContaining(['changeDataFeed', 'deletionVectors', 'checkConstraints']),
    })
  })
})
