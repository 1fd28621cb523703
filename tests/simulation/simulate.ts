import type { Metadata, Protocol } from '../../src/protocol/actions/action.js'
import { silentObserver } from '../../src/runtime/observer.js'
import type { Runtime } from '../../src/runtime/runtime.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import type { ObjectStore } from '../../src/storage/object-store.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { createTable } from '../../src/transaction/create-table.js'
import { audit } from './audit.js'
import { Ledger } from './ledger.js'
import { pick, seededRandom } from './seeded-random.js'
import { NO_TOXICS, ToxicStore, type Toxics } from './toxic-store.js'
import { VirtualClock } from './virtual-clock.js'
import { runWriter } from './writer.js'

export interface SimulationOptions {
  readonly seed: number
  readonly operationsPerWriter?: number
  /** The first writer dies at this request. Default: as the seed says, mostly never. */
  readonly crashAt?: number
  /** What goes wrong. Default: as the seed says. */
  readonly toxics?: Partial<Toxics>
  /** Puts something between the shared store and the clients: how the mutation checks break the store. */
  readonly breakStore?: (store: ObjectStore) => ObjectStore
}

export interface SimulationResult {
  readonly violations: readonly string[]
  /** How many operations ended how, by verb: `append committed: 7`. */
  readonly outcomes: ReadonlyMap<string, number>
}

const SCHEMA = {
  type: 'struct',
  fields: [
    { name: 'id', type: 'long', nullable: true, metadata: {} },
    { name: 'n', type: 'long', nullable: true, metadata: {} },
    { name: 'p', type: 'string', nullable: true, metadata: {} },
  ],
}

const PROTOCOL: Protocol = {
  type: 'protocol',
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ['deletionVectors'],
  writerFeatures: ['appendOnly', 'deletionVectors', 'invariants'],
}

/** One run: some writers, their own faults, one table, and an audit at the end. The seed decides everything. */
export async function simulate({
  seed,
  operationsPerWriter = 6,
  crashAt,
  toxics,
  breakStore = (store) => store,
}: SimulationOptions): Promise<SimulationResult> {
  const random = seededRandom(seed)
  const clock = new VirtualClock()
  const memory = new MemoryStore({ clock })
  const runtime: Runtime = { clock, random, uuid: () => seededUuid(random), observer: silentObserver }
  const plain = locate(memory, runtime)
  const ledger = new Ledger()
  let rows = 0
  const world = { random, ledger, nextRow: () => ++rows }
  await createSimulatedTable(plain, clock)

  const writers = 2 + Math.floor(random() * 4)
  const stores: ToxicStore[] = []
  const running = new Set(Array.from({ length: writers }, (_, id) => id))
  let failure: unknown
  for (let id = 0; id < writers; id++) {
    const after = random() < 0.3 ? 1 + Math.floor(random() * 60) : Number.POSITIVE_INFINITY
    const crash = {
      after: id === 0 ? (crashAt ?? after) : after,
      tell: () => void running.delete(id),
    }
    const faults = toxics === undefined ? someToxics(random) : { ...NO_TOXICS, ...toxics }
    const store = new ToxicStore(breakStore(memory), { clock, random }, faults, crash)
    stores.push(store)
    runWriter(id, locate(store, runtime), world, operationsPerWriter).then(
      () => void running.delete(id),
      (error: unknown) => {
        failure ??= error
        running.delete(id)
      },
    )
  }
  await clock.runUntil(() => running.size === 0 && stores.every(({ onTheirWay }) => onTheirWay === 0))
  if (failure !== undefined) throw failure
  return { violations: await audit(plain, memory, ledger), outcomes: countOutcomes(ledger) }
}

async function createSimulatedTable(location: TableLocation, clock: VirtualClock): Promise<void> {
  let created = false
  const metadata: Metadata = {
    type: 'metaData',
    id: location.runtime.uuid(),
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify(SCHEMA),
    partitionColumns: ['p'],
    configuration: { 'delta.checkpointInterval': '1000000' },
    createdTime: clock.now(),
  }
  const creation = createTable(location, {
    operation: 'CREATE TABLE',
    operationParameters: {},
    operationMetrics: {},
    actions: [PROTOCOL, metadata],
    read: {},
  })
  const settled = (): void => {
    created = true
  }
  creation.then(settled, settled)
  await clock.runUntil(() => created)
  await creation
}

function locate(store: ObjectStore, runtime: Runtime): TableLocation {
  return { url: 'memory://simulated', store, runtime, resolve: (path) => ({ store, key: decodeURIComponent(path) }) }
}

function someToxics(random: () => number): Toxics {
  if (random() < 0.2) return NO_TOXICS
  const rate = pick(random, [0.01, 0.05, 0.15])
  return {
    lostRequest: random() * rate,
    delayed: random() * rate,
    lostReply: random() * rate,
    duplicated: random() * rate,
    throttled: random() * rate,
    torn: random() * rate,
    conflicting: random() * rate,
  }
}

function seededUuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}

function countOutcomes(ledger: Ledger): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { verb, outcome } of ledger.entries) {
    const key = `${verb} ${outcome}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
