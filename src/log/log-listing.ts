import { LOG_PREFIX, parseLogKey, versionText } from '../protocol/log-path.js'
import type { ObjectMeta } from '../storage/object-store.js'
import type { TableLocation } from '../storage/table-location.js'
import type { CheckpointFiles, CompactionFile, LogFile } from './log-segment.js'

/** What a listing of `_delta_log` found, each in ascending order of versions. */
export interface LogListing {
  readonly commits: readonly LogFile[]
  /** Complete ones only; where a version has several, the better one comes last. */
  readonly checkpoints: readonly CheckpointFiles[]
  readonly checksums: readonly LogFile[]
  /** By their first version. */
  readonly compactions: readonly CompactionFile[]
}

export interface LogListingOptions {
  /** The first version to list. Default 0. */
  readonly from?: number
  /** The last version to list. Default: the last one there is. */
  readonly to?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Lists the commits, checkpoints, checksums and log compactions of a range of versions in one LIST. Foreign files, staged commits and checkpoints
 * that lack a part are left out.
 */
export async function readLogListing(location: TableLocation, options: LogListingOptions = {}): Promise<LogListing> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, signal } = options
  const commits: LogFile[] = []
  const checksums: LogFile[] = []
  const compactions: CompactionFile[] = []
  const checkpoints = new CheckpointCollector()
  // Every key of version `from` is longer than this, so it sorts after it.
  const startAfter = `${LOG_PREFIX}${versionText(from)}`
  for await (const meta of location.store.list(LOG_PREFIX, { startAfter, ...(signal && { signal }) })) {
    // Files of versions begin with a digit; the folders of sidecars and staged commits come after them and are not paged through.
    if (meta.key.charCodeAt(LOG_PREFIX.length) > DIGIT_NINE) break
    const parsed = parseLogKey(meta.key)
    if (parsed === undefined || !('version' in parsed)) continue
    if (parsed.version > to) break
    if (parsed.kind === 'commit') commits.push(logFile(meta, parsed.version))
    else if (parsed.kind === 'checksum') checksums.push(logFile(meta, parsed.version))
    else if (parsed.kind === 'compaction') {
      if (parsed.endVersion <= to)
        compactions.push(Object.assign(logFile(meta, parsed.version), { endVersion: parsed.endVersion }))
    } else if (parsed.kind === 'classicCheckpoint') checkpoints.addWhole(meta, parsed.version, 'parquet')
    else if (parsed.kind === 'uuidCheckpoint') checkpoints.addWhole(meta, parsed.version, parsed.format)
    else if (parsed.kind === 'multiPartCheckpoint') checkpoints.addPart(meta, parsed.version, parsed.part, parsed.parts)
  }
  return { commits, checkpoints: checkpoints.complete(), checksums, compactions }
}

/** The last version that a listing saw, by a commit or a checkpoint. */
export function latestVersion({ commits, checkpoints }: LogListing): number | undefined {
  const latest = Math.max(commits.at(-1)?.version ?? -1, checkpoints.at(-1)?.version ?? -1)
  return latest < 0 ? undefined : latest
}

const DIGIT_NINE = 0x39

/** Size and time are asked of the listing when they are needed: finding them out may cost, and a log may have tens of thousands of files. */
function logFile(meta: ObjectMeta, version: number): LogFile {
  return {
    key: meta.key,
    version,
    get size() {
      return meta.size
    },
    get lastModified() {
      return meta.lastModified
    },
  }
}

class CheckpointCollector {
  readonly #whole: CheckpointFiles[] = []
  /** By version and number of parts: two writers may have split the same version differently. */
  readonly #parts = new Map<string, { version: number; parts: number; files: (ObjectMeta | undefined)[] }>()

  addWhole(meta: ObjectMeta, version: number, format: 'parquet' | 'json'): void {
    this.#whole.push({ version, format, files: [meta] })
  }

  addPart(meta: ObjectMeta, version: number, part: number, parts: number): void {
    const id = `${version}/${parts}`
    let set = this.#parts.get(id)
    if (set === undefined) {
      set = { version, parts, files: [] }
      this.#parts.set(id, set)
    }
    set.files[part - 1] = meta
  }

  /** Multi-part ones first: they cannot be written atomically, so a whole file of the same version is the better choice. */
  complete(): CheckpointFiles[] {
    const multiPart: CheckpointFiles[] = []
    for (const { version, parts, files } of this.#parts.values()) {
      const present = files.filter((file) => file !== undefined)
      if (present.length === parts) multiPart.push({ version, format: 'parquet', files: present })
    }
    return [...multiPart, ...this.#whole].sort((a, b) => a.version - b.version)
  }
}
