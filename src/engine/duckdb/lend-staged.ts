import type { InstancePool, Lease } from './instance-pool.js'

/** Files on local disk that are kept until they are released. */
interface Staged {
  readonly directories: Iterable<string>
  readonly release: () => void
}

/**
 * Begins work in a connection that can open staged files. Whoever gets what was begun releases both, the connection and then the files; where it fails they are released here.
 * @param directories further folders that are needed
 */
export async function lendStaged<T>(
  instances: InstancePool,
  staged: Staged,
  begin: (lease: Lease) => Promise<T>,
  directories: readonly string[] = [],
): Promise<T> {
  try {
    const lease = await instances.connect([...staged.directories, ...directories])
    try {
      return await begin(lease)
    } catch (error) {
      lease.release()
      throw error
    }
  } catch (error) {
    staged.release()
    throw error
  }
}
