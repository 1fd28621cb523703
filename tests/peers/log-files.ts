import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Deletes the JSON commits of a table, so that only its checkpoint can answer. */
export async function withoutCommits(table: string): Promise<void> {
  const log = join(table, '_delta_log')
  const commits = (await readdir(log)).filter((name) => /^\d{20}\.json$/.test(name))
  await Promise.all(commits.map((name) => rm(join(log, name))))
}
