import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DeltaTable, isDeltaError } from '../../src/index.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import { pick, seededRandom } from '../simulation/seeded-random.js'
import { type ConformanceCase, conformanceCases, conformanceFolder } from './conformance-cases.js'

/**
 * Bytes flipped and files cut at random places of real tables: what comes back is rows or a DeltaError, never another
 * error, a crash or a hang, and never other rows than before where a checksum covers the bytes. `LAKEWRIGHT_SEED` repeats a run.
 */
const FIRST_SEED = Number(process.env.LAKEWRIGHT_SEED ?? 1)
const RUNS = Number(process.env.LAKEWRIGHT_RUNS ?? 400)
const BATCH = 50
const PATIENCE_MS = 30_000
const LARGEST_TABLE = 2_000_000

interface Files {
  readonly name: string
  readonly contents: ReadonlyMap<string, Uint8Array>
}

const present = await stat(conformanceFolder).then(
  () => true,
  () => false,
)
const tables = present ? await loadTables(await conformanceCases()) : []

describe.runIf(present)('a damaged table', () => {
  const batches = Array.from({ length: Math.ceil(RUNS / BATCH) }, (_, i) => FIRST_SEED + i * BATCH)
  it.each(batches)('gives rows or says what is damaged (seed %i and those after it)', async (first) => {
    for (let seed = first; seed < Math.min(first + BATCH, FIRST_SEED + RUNS); seed++) {
      const random = seededRandom(seed)
      const { name, contents } = pick(random, tables)
      const key = damagedKey(random, [...contents.keys()])
      const damaged = new Map(contents).set(key, damage(random, contents.get(key) as Uint8Array))
      const what = `seed ${seed}: ${name}, ${key}`
      const before = await read(`memory://whole-${seed}`, contents)
      const after = await Promise.race([read(`memory://damaged-${seed}`, damaged), timeout(what)])
      if (after instanceof Error) expect(after, what).toSatisfy(isDeltaError)
      else if (key.endsWith('.bin')) expect(after, what).toEqual(before)
    }
  })
})

async function read(url: string, contents: ReadonlyMap<string, Uint8Array>): Promise<string[] | Error> {
  const { store } = await openTableLocation(url)
  for (const [key, bytes] of contents) await store.put(key, bytes, { mode: 'overwrite' })
  try {
    const rows = await (await DeltaTable.open(url)).rows()
    return rows.map((row) => JSON.stringify(row, plain)).sort()
  } catch (error) {
    return error as Error
  } finally {
    await store.delete([...contents.keys()])
  }
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Map ? [...value] : value
}

/** Logs, checkpoints and deletion vectors as often as the many data files. */
function damagedKey(random: () => number, keys: readonly string[]): string {
  const kinds = [
    keys.filter((key) => /^_delta_log\/.*\.json$/.test(key)),
    keys.filter((key) => /^_delta_log\/.*\.(parquet|crc)$|_last_checkpoint$/.test(key)),
    keys.filter((key) => key.endsWith('.bin')),
    keys.filter((key) => !key.startsWith('_delta_log/') && !key.endsWith('.bin')),
  ]
  return pick(
    random,
    pick(
      random,
      kinds.filter((kind) => kind.length > 0),
    ),
  )
}

function damage(random: () => number, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(0x7b)
  if (random() < 0.2) return bytes.slice(0, Math.floor(random() * bytes.length))
  const damaged = bytes.slice()
  const flips = 1 + Math.floor(random() * 3)
  // Half of the time near the end, where Parquet keeps its footer.
  const from = random() < 0.5 ? Math.max(0, bytes.length - 1_000) : 0
  for (let i = 0; i < flips; i++) {
    const at = from + Math.floor(random() * (bytes.length - from))
    damaged[at] = (damaged[at] as number) ^ (1 << Math.floor(random() * 8))
  }
  return damaged
}

function timeout(what: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what} hangs`)), PATIENCE_MS).unref()
  })
}

async function loadTables(cases: readonly ConformanceCase[]): Promise<Files[]> {
  const found: Files[] = []
  for (const { key, table, expect: answer } of cases) {
    if (answer !== 'rows') continue
    const contents = new Map<string, Uint8Array>()
    let size = 0
    for (const entry of await readdir(table, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const bytes = await readFile(path)
      size += bytes.length
      contents.set(relative(table, path).split(sep).join('/'), bytes)
    }
    const foreign = [...contents.values()].some((bytes) => Buffer.from(bytes).includes('"path":"file:'))
    if (size <= LARGEST_TABLE && contents.size > 0 && !foreign) found.push({ name: key, contents })
  }
  return found
}
