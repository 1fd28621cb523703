import type { Action, AddFile, Metadata, Protocol } from '../../src/protocol/actions/action.js'
import { parseCommit } from '../../src/protocol/actions/parse-commit.js'
import { serializeCommit } from '../../src/protocol/actions/serialize-commit.js'
import { commitKey } from '../../src/protocol/log-path.js'
import type { Clock } from '../../src/runtime/clock.js'
import type { Runtime } from '../../src/runtime/runtime.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import type { ObjectStore } from '../../src/storage/object-store.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { createTable } from '../../src/transaction/create-table.js'
import type { PreparedCommit } from '../../src/transaction/transaction.js'

/** A clock that a test sets; sleeping moves it. */
class ManualClock implements Clock {
  time: number = Date.UTC(2026, 0, 1)

  now(): number {
    return this.time
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw signal.reason
    this.time += ms
  }
}

/** What a test table is made of. */
export interface TestTable {
  readonly location: TableLocation
  /** The store behind all others: where somebody else writes. */
  readonly memory: ObjectStore
  readonly clock: ManualClock
  /** What was told to the observer. */
  readonly warnings: string[]
  /** The table at version 0. */
  readonly snapshot: Snapshot
}

const SCHEMA = JSON.stringify({
  type: 'struct',
  fields: [
    { name: 'p', type: 'string', nullable: true, metadata: {} },
    { name: 'x', type: 'long', nullable: true, metadata: {} },
  ],
})

/** Features of all that these tests need; a table has them without using them. */
export function protocolWith(...features: readonly string[]): Protocol {
  return {
    type: 'protocol',
    minReaderVersion: 1,
    minWriterVersion: 7,
    writerFeatures: ['appendOnly', 'invariants', ...features],
  }
}

export function testMetadata(configuration: Metadata['configuration'] = {}): Metadata {
  return {
    type: 'metaData',
    id: 'table',
    format: { provider: 'parquet', options: {} },
    schemaString: SCHEMA,
    partitionColumns: ['p'],
    configuration,
  }
}

/** A location in memory; `wrap` may put a store of its own in front. */
export function testLocation(
  wrap: (store: ObjectStore) => ObjectStore = (store) => store,
): Omit<TestTable, 'snapshot'> {
  const clock = new ManualClock()
  const warnings: string[] = []
  let ids = 0
  const runtime: Runtime = {
    clock,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`,
    observer: { on: (event) => void (event.type === 'warning' && warnings.push(event.message)) },
  }
  const memory = new MemoryStore({ clock })
  const store = wrap(memory)
  const location = { url: 'memory://table', store, runtime, resolve: (path: string) => ({ store, key: path }) }
  return { location, memory, clock, warnings }
}

export async function testTable(
  options: {
    readonly protocol?: Protocol
    readonly configuration?: Metadata['configuration']
    readonly wrap?: (store: ObjectStore) => ObjectStore
  } = {},
): Promise<TestTable> {
  const made = testLocation(options.wrap)
  const actions = [options.protocol ?? protocolWith(), testMetadata(options.configuration)]
  const { snapshot } = await createTable(made.location, prepared(actions, { operation: 'CREATE TABLE' }))
  return { ...made, snapshot }
}

export function prepared(actions: readonly Action[], change: Partial<PreparedCommit> = {}): PreparedCommit {
  return { operation: 'WRITE', operationParameters: {}, operationMetrics: {}, actions, read: {}, ...change }
}

export function add(path: string, change: Partial<AddFile> = {}): AddFile {
  return {
    type: 'add',
    path,
    partitionValues: { p: 'a' },
    size: 1,
    modificationTime: 1,
    dataChange: true,
    stats: '{"numRecords":10}',
    ...change,
  }
}

/** What the log holds of a version. */
export async function committed(location: TableLocation, version: number): Promise<Action[]> {
  return parseCommit(await location.store.get(commitKey(version)), commitKey(version))
}

/** Somebody else's commit. */
export async function commitElsewhere(
  { memory }: Pick<TestTable, 'memory'>,
  version: number,
  actions: readonly Action[],
): Promise<void> {
  await memory.put(commitKey(version), serializeCommit(actions), { mode: 'create' })
}

export async function pathsOf(snapshot: Snapshot): Promise<string[]> {
  const { chunks } = await snapshot.files()
  return chunks.flatMap((chunk) => Array.from({ length: chunk.length }, (_, i) => chunk.path(i))).sort()
}
