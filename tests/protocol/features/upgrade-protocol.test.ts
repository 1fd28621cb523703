import { describe, expect, it } from 'vitest'
import type { Protocol } from '../../../src/protocol/actions/action.js'
import { downgradeProtocol } from '../../../src/protocol/features/downgrade-protocol.js'
import { upgradeProtocol } from '../../../src/protocol/features/upgrade-protocol.js'

/** `reader/writer`, then features for readers and for writers. */
function protocol(versions: string, readers?: readonly string[], writers?: readonly string[]): Protocol {
  const [minReaderVersion, minWriterVersion] = versions.split('/').map(Number) as [number, number]
  return {
    type: 'protocol',
    minReaderVersion,
    minWriterVersion,
    ...(readers && { readerFeatures: readers }),
    ...(writers && { writerFeatures: writers }),
  }
}

const OLDEST = ['appendOnly', 'invariants']
const UP_TO_4 = ['appendOnly', 'changeDataFeed', 'checkConstraints', 'generatedColumns', 'invariants']

describe('a protocol that gets features', () => {
  it.each<[string, Protocol, string[], Protocol]>([
    [
      'names what it implied',
      protocol('1/2'),
      ['rowTracking'],
      protocol('1/7', undefined, [...OLDEST, 'domainMetadata', 'rowTracking'].sort()),
    ],
    [
      'of readers goes to version 3',
      protocol('1/2'),
      ['deletionVectors'],
      protocol('3/7', ['deletionVectors'], ['appendOnly', 'deletionVectors', 'invariants']),
    ],
    [
      'keeps column mapping of readers',
      protocol('2/5'),
      ['clustering'],
      protocol('2/7', undefined, [...UP_TO_4, 'clustering', 'columnMapping', 'domainMetadata'].sort()),
    ],
    [
      'does not bring it to readers that do not look for it',
      protocol('1/5'),
      ['domainMetadata'],
      protocol('1/7', undefined, [...UP_TO_4, 'domainMetadata'].sort()),
    ],
    [
      'keeps unknown ones',
      protocol('3/7', ['fooBar'], ['fooBar']),
      ['timestampNtz'],
      protocol('3/7', ['fooBar', 'timestampNtz'], ['fooBar', 'timestampNtz']),
    ],
  ])('%s', (_, before, features, after) => {
    expect(upgradeProtocol(before, features)).toEqual(after)
  })

  it('is the same where it has them', () => {
    const before = protocol('1/4')
    expect(upgradeProtocol(before, ['checkConstraints', 'changeDataFeed'])).toBe(before)
    expect(upgradeProtocol(before, [], { reader: 1, writer: 3 })).toBe(before)
  })

  it('goes to the versions that are asked for', () => {
    expect(upgradeProtocol(protocol('1/2'), [], { reader: 2, writer: 5 })).toEqual(protocol('2/5'))
    expect(upgradeProtocol(protocol('1/2'), [], { reader: 0, writer: 7 })).toEqual(protocol('1/7', undefined, OLDEST))
    expect(upgradeProtocol(protocol('1/2'), [], { reader: 3, writer: 0 })).toEqual(protocol('3/7', [], OLDEST))
  })
})

describe('a protocol that loses a feature', () => {
  it.each<[string, Protocol, string, Protocol]>([
    [
      'names the others',
      protocol('1/4'),
      'checkConstraints',
      protocol(
        '1/7',
        undefined,
        UP_TO_4.filter((name) => name !== 'checkConstraints'),
      ),
    ],
    [
      'is the oldest again',
      protocol('3/7', ['v2Checkpoint'], [...OLDEST, 'v2Checkpoint']),
      'v2Checkpoint',
      protocol('1/2'),
    ],
    [
      'keeps what readers must know',
      protocol('3/7', ['a', 'b'], ['a', 'b', 'c']),
      'a',
      protocol('3/7', ['b'], ['b', 'c']),
    ],
  ])('%s', (_, before, name, after) => {
    expect(downgradeProtocol(before, name)).toEqual(after)
  })
})
