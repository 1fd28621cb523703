import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Deletes the JSON commits of a table, so that only its checkpoint can answer.
 * @param keep how many of the newest stay: Spark wants to see the commit that the checkpoint stands for
 */
export async function withoutCommits(table: string, keep = 0): Promise<void> {
  const log = join(table, '_delta_log')
  const commits = (await readdir(log)).filter((name) => /^\d{20}\.json$/.test(name)).sort()
  await Promise.all(commits.slice(0, commits.length - keep).map((name) => rm(join(log, name))))
}
