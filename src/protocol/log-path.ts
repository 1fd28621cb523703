/** The folder of the log, relative to the table root, with the slash. */
export const LOG_PREFIX = '_delta_log/'

/** The hint to a recent checkpoint (PROTOCOL.md, "Last Checkpoint File"). */
export const LAST_CHECKPOINT_KEY: string = `${LOG_PREFIX}_last_checkpoint`

/** A file of the log, told by its name (PROTOCOL.md, "File Types" and "Checkpoint Naming Scheme"). */
export type ParsedLogPath =
  | { readonly kind: 'commit'; readonly version: number }
  | { readonly kind: 'classicCheckpoint'; readonly version: number }
  /** `part` of `parts`, counted from 1. */
  | {
      readonly kind: 'multiPartCheckpoint'
      readonly version: number
      readonly part: number
      readonly parts: number
    }
  | {
      readonly kind: 'uuidCheckpoint'
      readonly version: number
      readonly uuid: string
      readonly format: 'json' | 'parquet'
    }
  /** The commits `version` to `endVersion`, both included. */
  | { readonly kind: 'compaction'; readonly version: number; readonly endVersion: number }
  | { readonly kind: 'checksum'; readonly version: number }
  | { readonly kind: 'stagedCommit'; readonly version: number; readonly uuid: string }
  | { readonly kind: 'sidecar'; readonly name: string }
  | { readonly kind: 'lastCheckpoint' }

const VERSIONED = /^(\d{20})\.(.+)$/
const MULTI_PART = /^checkpoint\.(\d{10})\.(\d{10})\.parquet$/
const UUID_CHECKPOINT = /^checkpoint\.([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\.(json|parquet)$/
const COMPACTION = /^(\d{20})\.compacted\.json$/
const STAGED = /^(?:_staged_commits\/)(\d{20})\.([0-9a-fA-F-]{36})\.json$/
const SIDECAR = /^_sidecars\/([^/]+\.parquet)$/

/** A version as file names have it: 20 digits. */
export function versionText(version: number): string {
  return String(version).padStart(20, '0')
}

/** Key of the commit of a version, relative to the table root. */
export function commitKey(version: number): string {
  return `${LOG_PREFIX}${versionText(version)}.json`
}

/** Key of the classic checkpoint of a version, relative to the table root. */
export function checkpointKey(version: number): string {
  return `${LOG_PREFIX}${versionText(version)}.checkpoint.parquet`
}

/** Key of the checksum of a version (PROTOCOL.md, "Version Checksum File"), relative to the table root. */
export function checksumKey(version: number): string {
  return `${LOG_PREFIX}${versionText(version)}.crc`
}

/** Key of the log compaction file over `version` to `endVersion`, relative to the table root. */
export function compactionKey(version: number, endVersion: number): string {
  return `${LOG_PREFIX}${versionText(version)}.${versionText(endVersion)}.compacted.json`
}

/** What a key (relative to the table root) is in the log; undefined for foreign files, which readers must ignore. */
export function parseLogKey(key: string): ParsedLogPath | undefined {
  if (!key.startsWith(LOG_PREFIX)) return undefined
  const name = key.slice(LOG_PREFIX.length)
  if (name === '_last_checkpoint') return { kind: 'lastCheckpoint' }
  const sidecar = SIDECAR.exec(name)
  if (sidecar !== null) return { kind: 'sidecar', name: sidecar[1] as string }
  const staged = STAGED.exec(name)
  if (staged !== null) {
    const version = parseVersion(staged[1])
    return version === undefined ? undefined : { kind: 'stagedCommit', version, uuid: staged[2] as string }
  }
  const versioned = VERSIONED.exec(name)
  const version = parseVersion(versioned?.[1])
  return version === undefined ? undefined : parseVersioned(version, versioned?.[2] as string)
}

function parseVersioned(version: number, rest: string): ParsedLogPath | undefined {
  if (rest === 'json') return { kind: 'commit', version }
  if (rest === 'checkpoint.parquet') return { kind: 'classicCheckpoint', version }
  if (rest === 'crc') return { kind: 'checksum', version }
  const multiPart = MULTI_PART.exec(rest)
  if (multiPart !== null) {
    const part = Number(multiPart[1])
    const parts = Number(multiPart[2])
    return part >= 1 && part <= parts ? { kind: 'multiPartCheckpoint', version, part, parts } : undefined
  }
  const uuid = UUID_CHECKPOINT.exec(rest)
  if (uuid !== null) {
    return { kind: 'uuidCheckpoint', version, uuid: uuid[1] as string, format: uuid[2] as 'json' | 'parquet' }
  }
  const endVersion = parseVersion(COMPACTION.exec(rest)?.[1])
  return endVersion !== undefined && endVersion > version ? { kind: 'compaction', version, endVersion } : undefined
}

/** Versions beyond 2^53 do not exist in practice: a name that has one is foreign. */
function parseVersion(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined
  const version = Number(digits)
  return Number.isSafeInteger(version) ? version : undefined
}
