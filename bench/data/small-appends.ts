import { DeltaTable, double, type LocalOptions, long, string, struct, timestamp } from '../../src/index.js'
import type { Side } from '../benchmark.js'

export interface SmallAppends {
  readonly rows: number
  readonly appends: number
}

/** Appends before the clock starts, to a table of their own. Both sides make them. */
const WARM_UP = 100

/**
 * Appends of plain objects to a held table, one commit after the other. It is the table of a process that has run for a while: what the first appends load and compile is made before, on another
 * table.
 */
export async function smallAppends(
  path: string,
  { rows: count, appends }: SmallAppends,
  local: LocalOptions,
): Promise<Side> {
  const rows = Array.from({ length: count }, (_, i) => ({
    id: BigInt(i),
    at: new Date(1_700_000_000_000 + i),
    kind: `kind-${i % 10}`,
    value: i / 7,
  }))
  const schema = struct({ id: long(), at: timestamp(), kind: string(), value: double() })
  const before = await DeltaTable.create(`${path}-before`, { schema, storage: { local } })
  for (let i = 0; i < WARM_UP; i++) await before.append(rows)
  const table = await DeltaTable.create(path, { schema, storage: { local } })
  return {
    async run() {
      for (let i = 0; i < appends; i++) await table.append(rows)
      return undefined
    },
  }
}
