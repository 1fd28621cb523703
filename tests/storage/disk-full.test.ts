import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { localPutError } from '../../src/storage/local/local-error.js'
import { LocalStore } from '../../src/storage/local/local-store.js'

/** A file system of 1 MB, where this user may mount one. */
const disk = mountSmallDisk()
afterAll(() => {
  if (disk === undefined) return
  run('umount', disk)
  rmSync(disk, { recursive: true })
})

it.runIf(existsSync('/dev/full'))('a write for which no space is left is StorageFull', async () => {
  const full = await open('/dev/full', 'w')
  try {
    const error = await full.write('x').catch((reason: unknown) => reason)
    expect(localPutError('file:///t', 'k', error)).toMatchObject({ code: 'StorageFull', kind: 'unavailable' })
  } finally {
    await full.close()
  }
})

describe.runIf(disk !== undefined)('a disk that is full', () => {
  const folder = disk ?? ''

  it.each(['create', 'overwrite'] as const)(
    'refuses a %s with nothing visible and nothing left behind',
    async (mode) => {
      const store = new LocalStore(join(folder, mode))
      await store.put('_delta_log/0.json', new Uint8Array(1000), { mode: 'create' })
      const refusal = { code: 'StorageFull', kind: 'unavailable', details: { path: 'part-0.parquet' } }
      const stream = async function* (): AsyncGenerator<Uint8Array> {
        for (let chunk = 0; chunk < 100; chunk++) yield new Uint8Array(100_000)
      }
      await expect(store.put('part-0.parquet', new Uint8Array(5_000_000), { mode })).rejects.toMatchObject(refusal)
      await expect(store.put('part-0.parquet', stream(), { mode })).rejects.toMatchObject(refusal)
      expect(readdirSync(join(folder, mode))).toEqual(['_delta_log'])
      expect(await store.get('_delta_log/0.json')).toHaveLength(1000)
    },
  )

  it('keeps the old object when there is no space to replace it', async () => {
    const store = new LocalStore(join(folder, 'replace'))
    await store.put('k', new Uint8Array(300_000).fill(1), { mode: 'create' })
    await expect(store.put('k', new Uint8Array(900_000), { mode: 'overwrite' })).rejects.toMatchObject({
      code: 'StorageFull',
    })
    expect((await store.get('k')).every((byte) => byte === 1)).toBe(true)
  })
})

function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'lakewright-disk-'))
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder)
    return folder
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'ignore' })
}
