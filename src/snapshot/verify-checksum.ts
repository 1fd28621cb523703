import { readChecksum, type VersionChecksum } from '../log/checksum/read-checksum.js'
import { listLogSegment } from '../log/list-log-segment.js'
import { corruptLog } from '../log/log-error.js'
import { overlayState, type TableState } from '../log/replay/table-state.js'
import type { JsonValue } from '../schema/data-type.js'
import { stringifyJson } from '../schema/lossless-json.js'
import type { TableLocation } from '../storage/table-location.js'
import { applyChanges } from './replay/file-changes.js'
import { replaySegment } from './replay/replay-segment.js'
import type { FileTotals } from './snapshot.js'

/**
 * Compares the version checksum of a version with what the log says, which is read in full for it (PROTOCOL.md, "State Validation").
 *
 * @returns false where the version has no checksum, or one that is damaged itself
 * @throws CorruptLog naming what differs
 */
export async function verifyChecksum(location: TableLocation, version: number, signal?: AbortSignal): Promise<boolean> {
  const segment = await listLogSegment(location, { version, signal })
  const checksum =
    segment.checksum?.version === version ? await readChecksum(location, segment.checksum, signal) : undefined
  if (checksum === undefined) return false
  const { base, tail } = await replaySegment(location, { ...segment, checksum: undefined }, signal)
  const state = overlayState(await base.state(signal), tail.state)
  const files = applyChanges(await base.files(signal), [tail.changes])
  const differences = differencesOf(checksum, state, files)
  if (differences.length === 0) return true
  throw corruptLog(location, version, `its version checksum and its log differ in ${differences.join(', ')}`)
}

function differencesOf(checksum: VersionChecksum, state: TableState, files: FileTotals): string[] {
  const { transactions = [], domains } = checksum
  const live = [...state.domains.values()].filter(({ removed }) => !removed)
  const pairs: readonly (readonly [name: string, claimed: unknown, found: unknown])[] = [
    ['the number of files', checksum.numFiles, files.numFiles],
    ['the size of the files', checksum.sizeInBytes, files.sizeInBytes],
    ['the protocol', checksum.protocol, state.protocol],
    ['the metadata', checksum.metadata, state.metadata],
    // Transactions past their retention may be missing in a checksum.
    ...transactions.map(({ appId, version }) => {
      return [`the transaction of ${appId}`, version, state.transactions.get(appId)?.version] as const
    }),
    ...(domains === undefined ? [] : [['the domain metadata', byName(domains), byName(live)] as const]),
  ]
  return pairs.filter(([, claimed, found]) => canonical(claimed) !== canonical(found)).map(([name]) => name)
}

function byName(domains: readonly { readonly domain: string }[]): unknown {
  return domains.toSorted((a, b) => (a.domain < b.domain ? -1 : 1))
}

/** JSON text in which the order of fields, and of features, does not count. */
function canonical(value: unknown): string {
  return stringifyJson(ordered(value ?? null))
}

function ordered(value: unknown, name = ''): JsonValue {
  if (Array.isArray(value)) {
    const elements = value.map((element) => ordered(element))
    return name.endsWith('Features') ? elements.toSorted() : elements
  }
  if (typeof value !== 'object' || value === null) return value as JsonValue
  const fields = Object.entries(value).filter(([, field]) => field !== undefined && field !== null)
  return Object.fromEntries(
    fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, ordered(field, key)]),
  )
}
