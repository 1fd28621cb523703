import { DeltaTable, double, type LocalOptions, long, string, struct, timestamp } from '../../src/index.js'
import type { Side } from '../benchmark.js'

export interface SmallAppends {
  readonly rows: number
  readonly appends: number
}

/** Appends of plain objects to a held table, one commit after the other. */
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
  const table = await DeltaTable.create(path, { schema, storage: { local } })
  return {
    async run() {
      for (let i = 0; i < appends; i++) await table.append(rows)
      return undefined
    },
  }
}
