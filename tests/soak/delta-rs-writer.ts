import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Report } from '../processes/job.js'
import { peerPython } from '../support/peer-python.js'

/**
 * Appends with delta-rs, in a process of its own.
 *
 * @param options as `storage_options` of deltalake
 */
export async function appendWithDeltaRs(
  url: string,
  count: number,
  options: { readonly [name: string]: string } = {},
): Promise<readonly Report[]> {
  const program = join(import.meta.dirname, 'beside.py')
  const args = [program, url, String(count), JSON.stringify(options)]
  const { stdout } = await promisify(execFile)(await peerPython(), args)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Report)
}
