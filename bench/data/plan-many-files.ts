import type { Predicate } from '../../src/expressions/predicate.js'
import { planScan } from '../../src/scan/plan-scan.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import type { Side } from '../benchmark.js'

/** Plans a scan of a table that is held open with its file list; `expected` files must be left. */
export async function plannerOfManyFiles(table: string, where: Predicate, expected: number): Promise<Side> {
  const snapshot = await openSnapshot(await openTableLocation(table))
  await snapshot.files()
  return {
    async run() {
      const plan = await planScan(snapshot, { where })
      const files = [...plan.files()].length
      if (files !== expected) throw new Error(`${files} files are left, expected ${expected}.`)
      return undefined
    },
  }
}
