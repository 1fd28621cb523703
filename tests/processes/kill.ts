import { DeltaTable } from '../../src/index.js'
import type { StorageOptions } from '../../src/storage/storage-options.js'
import { pick } from '../simulation/seeded-random.js'
import { audit } from './audit.js'
import { Child } from './child.js'
import type { Report } from './job.js'
import { Row } from './race.js'

/** Processes that are killed while they append to one table, a few of them at a time. */
export interface Kills {
  readonly url: string
  readonly storage: StorageOptions
  readonly kills: number
  readonly random: () => number
}

const AT_ONCE = 2

/**
 * Lets processes append, and kills each with SIGKILL at a moment of its own: so many reports and milliseconds after it began.
 *
 * @returns the violations, and how many appends were acknowledged
 */
export async function killWriters(
  program: string,
  { url, storage, kills, random }: Kills,
): Promise<{ readonly violations: readonly string[]; readonly acknowledged: number }> {
  const table = await DeltaTable.create(url, { schema: Row, storage })
  const reports: Report[] = []
  const violations: string[] = []
  let begun = 0
  const lane = async (): Promise<void> => {
    while (begun < kills) {
      const writer = ++begun
      const child = new Child(program, { url, storage, writer, verb: 'append', count: 1_000_000 })
      await child.toldOf(pick(random, [1, 2, 3, 4, 7]))
      await new Promise((resolve) => setTimeout(resolve, random() * 12))
      child.kill()
      // One that ended by itself failed: a table that cannot be opened would show here.
      if ((await child.ended) !== null) violations.push(`a writer failed: ${child.errors}`)
      reports.push(...child.reports)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  violations.push(...(await audit(table as never, storage, reports)))
  return { violations, acknowledged: reports.filter(({ outcome }) => outcome === 'done').length }
}
