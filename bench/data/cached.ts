import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * A file or folder of the cache, made once: `make` gets a path beside it, which is renamed when it is complete, so that
 * an interrupted run leaves nothing half made.
 */
export async function cached(cache: string, name: string, make: (path: string) => Promise<void>): Promise<string> {
  const target = join(cache, name)
  const present = await stat(target).then(
    () => true,
    () => false,
  )
  if (present) return target
  const part = join(cache, `part-${name}`)
  await rm(part, { recursive: true, force: true })
  await mkdir(dirname(part), { recursive: true })
  await make(part)
  await rename(part, target)
  return target
}
