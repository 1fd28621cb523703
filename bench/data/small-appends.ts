import { DeltaTable, double, type LocalOptions, long, string, struct, timestamp } from '../../src/index.js'
import type { Side } from '../benchmark.js'

export interface SmallAppends {
  readonly rows: number
  readonly appends: number
  /** Appends that the table has had before. */
  readonly versions: number
}

/** Appends before the clock starts, to a table of their own. Both sides make them. */
const WARM_UP = 100

/**
 * Appends of plain objects to a held table, one commit after the other. It is the table of a process that has run for a while: what the first appends load and compile is made before, on another
 * table. Each run has a table of its own, so that it does not matter how many there are.
 */
export async function smallAppends(
  path: string,
  { rows: count, appends, versions }: SmallAppends,
  local: LocalOptions,
): Promise<Side> {
  const rows = Array.from({ length: count }, (_, i) => ({
    id: BigInt(i),
    at: new Date(1_700_000_000_000 + i),
    kind: `kind-${i % 10}`,
    value: i / 7,
  }))
  const schema = struct({ id: long(), at: timestamp(), kind: string(), value: double() })
  const appended = async (to: string, times: number) => {
    const table = await DeltaTable.create(to, { schema, storage: { local } })
    for (let i = 0; i < times; i++) await table.append(rows)
    return table
  }
  await appended(`${path}-before`, WARM_UP)
  let table: Awaited<ReturnType<typeof appended>>
  return {
    async before(run) {
      table = await appended(`${path}-${run}`, versions)
    },
    async run() {
      for (let i = 0; i < appends; i++) await table.append(rows)
      return undefined
    },
  }
}
