import type { Action, AddFile, Metadata, Protocol, RemoveFile } from '../../src/protocol/actions/action.js'
import { serializeCommit } from '../../src/protocol/actions/serialize-commit.js'
import { commitKey } from '../../src/protocol/log-path.js'
import { systemClock } from '../../src/runtime/clock.js'
import { systemRuntime } from '../../src/runtime/runtime.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import { ObservedStore } from '../../src/storage/observed-store.js'
import type { TableLocation } from '../../src/storage/table-location.js'

/** A log in memory that a test writes as it likes, with a record of what was asked of the store. */
export class TestLog {
  /** Milliseconds since the epoch: the time that the next object gets. */
  time: number = Date.UTC(2026, 0, 1)
  /** `get _delta_log/...`, `list _delta_log/` and so on, in order. */
  readonly requests: string[] = []
  readonly store: MemoryStore
  readonly location: TableLocation

  constructor() {
    const clock = { ...systemClock, now: () => this.time }
    this.store = new MemoryStore({ clock })
    const record = new ObservedStore(this.store, {
      clock,
      observer: {
        on: (event) => {
          if (event.type === 'request') this.requests.push(`${event.method} ${event.key}`)
        },
      },
    })
    this.location = {
      url: 'memory://table',
      store: record,
      runtime: { ...systemRuntime, clock },
      resolve: (path) => ({ store: record, key: decodeURIComponent(path) }),
    }
  }

  async put(key: string, content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    await this.store.put(key, bytes, { mode: 'overwrite' })
  }

  async delete(...keys: readonly string[]): Promise<void> {
    await this.store.delete(keys)
  }

  async text(key: string): Promise<string> {
    return new TextDecoder().decode(await this.store.get(key))
  }

  /** Writes `<version>.json`, a second after the one before. */
  async commit(version: number, ...actions: readonly Action[]): Promise<void> {
    this.time += 1000
    await this.put(commitKey(version), serializeCommit(actions))
  }

  /** Commits 0 (protocol and metadata) to `last`, each of which adds the file `f<version>`. */
  async commits(last: number): Promise<void> {
    await this.commit(0, protocol(), metadata(), addFile('f0'))
    for (let version = 1; version <= last; version++) await this.commit(version, addFile(`f${version}`))
  }
}

export function protocol(change: Partial<Protocol> = {}): Protocol {
  return { type: 'protocol', minReaderVersion: 1, minWriterVersion: 2, ...change }
}

export function metadata(change: Partial<Metadata> = {}): Metadata {
  return {
    type: 'metaData',
    id: 'b7f0c1de-0000-4000-8000-000000000001',
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify({
      type: 'struct',
      fields: [
        { name: 'id', type: 'long', nullable: true, metadata: {} },
        { name: 'p', type: 'string', nullable: true, metadata: {} },
      ],
    }),
    partitionColumns: ['p'],
    configuration: {},
    ...change,
  }
}

export function addFile(path: string, change: Partial<AddFile> = {}): AddFile {
  return {
    type: 'add',
    path,
    partitionValues: { p: 'a' },
    size: 100,
    modificationTime: 1_700_000_000_000,
    dataChange: true,
    stats: '{"numRecords":1}',
    ...change,
  }
}

export function removeFile(path: string, change: Partial<RemoveFile> = {}): RemoveFile {
  return { type: 'remove', path, deletionTimestamp: Date.UTC(2026, 0, 1), dataChange: true, ...change }
}
