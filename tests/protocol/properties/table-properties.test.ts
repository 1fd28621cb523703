import { describe, expect, it } from 'vitest'
import { checkProperties } from '../../../src/protocol/properties/check-properties.js'
import { parseInterval } from '../../../src/protocol/properties/interval.js'
import * as properties from '../../../src/protocol/properties/table-properties.js'
import { tableProperty } from '../../../src/protocol/properties/table-property.js'

const DAY = 86_400_000
const table = (configuration: { readonly [key: string]: string }) => ({ configuration })

describe('table properties', () => {
  it('have the defaults of Delta', () => {
    expect(tableProperty(table({}), properties.CHECKPOINT_INTERVAL)).toBe(10)
    expect(tableProperty(table({}), properties.LOG_RETENTION_DURATION)).toBe(30 * DAY)
    expect(tableProperty(table({}), properties.DELETED_FILE_RETENTION_DURATION)).toBe(7 * DAY)
    expect(tableProperty(table({}), properties.SET_TRANSACTION_RETENTION_DURATION)).toBeUndefined()
    expect(tableProperty(table({}), properties.DATA_SKIPPING_NUM_INDEXED_COLS)).toBe(32)
    expect(tableProperty(table({}), properties.COLUMN_MAPPING_MODE)).toBe('none')
    expect(tableProperty(table({}), properties.APPEND_ONLY)).toBe(false)
  })

  it('are read with their types', () => {
    const configuration = {
      'delta.checkpointInterval': '25',
      'delta.appendOnly': 'TRUE',
      'delta.checkpointPolicy': 'V2',
      'delta.dataSkippingNumIndexedCols': '-1',
      'delta.setTransactionRetentionDuration': 'interval 2 hours',
      'delta.targetFileSize': '100mb',
      'delta.dataSkippingStatsColumns': 'a,b.c',
    }
    expect(tableProperty(table(configuration), properties.CHECKPOINT_INTERVAL)).toBe(25)
    expect(tableProperty(table(configuration), properties.APPEND_ONLY)).toBe(true)
    expect(tableProperty(table(configuration), properties.CHECKPOINT_POLICY)).toBe('v2')
    expect(tableProperty(table(configuration), properties.DATA_SKIPPING_NUM_INDEXED_COLS)).toBe(-1)
    expect(tableProperty(table(configuration), properties.SET_TRANSACTION_RETENTION_DURATION)).toBe(7_200_000)
    expect(tableProperty(table(configuration), properties.TARGET_FILE_SIZE)).toBe(100 * 2 ** 20)
    expect(tableProperty(table(configuration), properties.DATA_SKIPPING_STATS_COLUMNS)).toBe('a,b.c')
  })

  it('with a value that is none say what it must be', () => {
    expect(() => tableProperty(table({ 'delta.checkpointInterval': '0' }), properties.CHECKPOINT_INTERVAL)).toThrow(
      /delta\.checkpointInterval is '0' and must be an integer not less than 1/,
    )
  })
})

describe('intervals', () => {
  it.each([
    ['interval 30 days', 30 * DAY],
    ['INTERVAL 1 WEEK', 7 * DAY],
    ['7 days 12 hours', 7.5 * DAY],
    ['interval 0 seconds', 0],
    ['1 day', DAY],
    ['90minutes', 5_400_000],
    ['1500 microseconds', 1.5],
  ])('%j is %i ms', (text, milliseconds) => {
    expect(parseInterval(text)).toBe(milliseconds)
  })

  it.each(['', 'interval', '30', 'days 30', '1 month', '1 year', '-1 days', '1 fortnight', '1 day, 2 hours'])(
    '%j is none',
    (text) => {
      expect(parseInterval(text)).toBeUndefined()
    },
  )
})

describe('checkProperties', () => {
  it('keeps what Delta and the user know, in Delta spelling', () => {
    const given = {
      'DELTA.APPENDONLY': 'true',
      'delta.autoOptimize.optimizeWrite': 'true',
      'delta.constraints.Positive': 'a > 0',
      'delta.feature.v2Checkpoint': 'supported',
      owner: 'me',
    }
    expect(checkProperties(given)).toEqual({
      'delta.appendOnly': 'true',
      'delta.autoOptimize.optimizeWrite': 'true',
      'delta.constraints.Positive': 'a > 0',
      'delta.feature.v2Checkpoint': 'supported',
      owner: 'me',
    })
  })

  it('refuses a property that Delta does not know, with the nearest that it does', () => {
    expect(() => checkProperties({ 'delta.apendOnly': 'true' })).toThrow(/Did you mean 'delta.appendOnly'\?/)
    expect(() => checkProperties({ 'delta.somethingElseEntirely': 'true' })).toThrow(
      expect.objectContaining({ code: 'InvalidArgument', message: expect.not.stringContaining('mean') }),
    )
  })

  it('refuses a value that is none', () => {
    expect(() => checkProperties({ 'delta.logRetentionDuration': '1 month' })).toThrow(/must be an interval/)
  })
})
