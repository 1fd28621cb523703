import { DeltaError } from '../../errors/delta-error.js'
import type { Action, AddFile, DomainMetadata, Metadata, Protocol } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import {
  ENABLE_ROW_TRACKING,
  ROW_COMMIT_VERSION_COLUMN_NAME,
  ROW_ID_COLUMN_NAME,
  ROW_TRACKING_SUSPENDED,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'

/** The metadata domain that keeps the highest row id given so far (PROTOCOL.md, "Row Tracking"). */
export const ROW_TRACKING_DOMAIN = 'delta.rowTracking'

/** Before any row id was given. */
const NO_ROW_IDS = -1

/** Whether writers give rows ids: the table supports it and has not suspended it. */
export function assignsRowIds(protocol: Protocol, metadata: Metadata): boolean {
  return hasFeature(protocol, 'rowTracking') && !tableProperty(metadata, ROW_TRACKING_SUSPENDED)
}

/**
 * Gives every added file that has none a base row id above the high-water mark and this version as its row commit version, and records the
 * new mark (PROTOCOL.md, "Writer Requirements for Row Tracking"). Derived anew for each try, so that a rebase never hands out an id twice.
 *
 * Internal where a file has no `numRecords` to count ids by.
 * @param domains the table's metadata domains before this commit.
 */
export function assignRowIds(
  actions: readonly Action[],
  domains: ReadonlyMap<string, DomainMetadata>,
  version: number,
): readonly Action[] {
  const start = highWaterMark(domains.get(ROW_TRACKING_DOMAIN))
  let mark = start
  const assigned = actions
    .filter((action) => action.type !== 'domainMetadata' || action.domain !== ROW_TRACKING_DOMAIN)
    .map((action) => {
      if (action.type !== 'add') return action
      const baseRowId = action.baseRowId ?? mark + 1
      if (action.baseRowId === undefined) mark += numRecords(action)
      return { ...action, baseRowId, defaultRowCommitVersion: action.defaultRowCommitVersion ?? version }
    })
  return mark === start ? assigned : [markAction(mark), ...assigned]
}

/**
 * Metadata of a table that enables row tracking gets the names of the hidden columns that will hold the ids of rows that move, if it has none
 * (PROTOCOL.md, "Row IDs" and "Row Commit Versions").
 */
export function nameRowTrackingColumns(actions: readonly Action[], uuid: () => string): readonly Action[] {
  return actions.map((action) => {
    if (action.type !== 'metaData' || !tableProperty(action, ENABLE_ROW_TRACKING)) return action
    const names = {
      [ROW_ID_COLUMN_NAME.key]: `_row-id-col-${uuid()}`,
      [ROW_COMMIT_VERSION_COLUMN_NAME.key]: `_row-commit-version-col-${uuid()}`,
    }
    return { ...action, configuration: { ...names, ...action.configuration } }
  })
}

function markAction(mark: number): DomainMetadata {
  return {
    type: 'domainMetadata',
    domain: ROW_TRACKING_DOMAIN,
    configuration: JSON.stringify({ rowIdHighWaterMark: mark }),
    removed: false,
  }
}

function highWaterMark(domain: DomainMetadata | undefined): number {
  if (domain === undefined) return NO_ROW_IDS
  const mark = member(domain.configuration, 'rowIdHighWaterMark')
  if (Number.isSafeInteger(mark)) return mark as number
  throw new DeltaError(
    'CorruptLog',
    `The metadata domain ${ROW_TRACKING_DOMAIN} holds no rowIdHighWaterMark, so no row ids can be given. The log was written by a faulty writer.`,
  )
}

function numRecords(add: AddFile): number {
  const count = add.stats === undefined ? undefined : member(add.stats, 'numRecords')
  if (Number.isSafeInteger(count) && (count as number) >= 0) return count as number
  throw new DeltaError('Internal', `File ${add.path} has no numRecords, so its rows cannot be given ids.`)
}

function member(json: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
  } catch {
    return undefined
  }
}
