import { cp, link, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A table without partitions in place of what was there; data files are links, for they never change. */
export async function linkedCopy(table: string, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
  await mkdir(path)
  await cp(join(table, '_delta_log'), join(path, '_delta_log'), { recursive: true })
  const data = (await readdir(table)).filter((name) => name !== '_delta_log')
  for (const name of data) await link(join(table, name), join(path, name))
}
