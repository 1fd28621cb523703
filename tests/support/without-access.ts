import { chmod } from 'node:fs/promises'

/** Runs something while nobody may open these folders; as root, who may all the same, with the rights of another user. */
export async function withoutAccess(folders: readonly string[], action: () => Promise<void>): Promise<void> {
  const user = process.geteuid?.()
  for (const folder of folders) await chmod(folder, 0)
  if (user === 0) process.seteuid?.(NOBODY)
  try {
    await action()
  } finally {
    if (user === 0) process.seteuid?.(0)
    for (const folder of folders) await chmod(folder, 0o755)
  }
}

const NOBODY = 65534
