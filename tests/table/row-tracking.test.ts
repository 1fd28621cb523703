import { describe, expect, it } from 'vitest'
import { DeltaTable, isDeltaError, long, struct } from '../../src/index.js'

const schema = struct({ id: long() })

async function tracked(name: string, properties: Record<string, string>): Promise<DeltaTable> {
  return DeltaTable.create(`memory://row-tracking-${name}`, { schema, properties }) as Promise<DeltaTable>
}

describe('row tracking', () => {
  it('gives each row an id of its own and the version that added it', async () => {
    const table = await tracked('ids', { 'delta.enableRowTracking': 'true' })
    await table.append([{ id: 10n }, { id: 11n }])
    await table.append([{ id: 12n }])
    const rows = await table.rows({ columns: ['id', '_metadata'] })
    expect(
      rows.sort((a, b) => Number((a as never as { id: bigint }).id) - Number((b as never as { id: bigint }).id)),
    ).toEqual([
      { id: 10n, _metadata: { row_id: 0n, row_commit_version: 1n } },
      { id: 11n, _metadata: { row_id: 1n, row_commit_version: 1n } },
      { id: 12n, _metadata: { row_id: 2n, row_commit_version: 2n } },
    ])
  })

  it('is no column of a table that does not track rows', async () => {
    const table = await tracked('none', {})
    const refusal = await table.rows({ columns: ['_metadata'] }).catch((error: unknown) => error)
    expect(refusal).toSatisfy((error) => isDeltaError(error, 'UnknownColumn'))
  })
})
