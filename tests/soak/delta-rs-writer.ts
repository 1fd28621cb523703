import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { StorageOptions } from '../../src/index.js'
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
  options: { readonly [name: string]: string },
): Promise<readonly Report[]> {
  const program = join(import.meta.dirname, 'beside.py')
  const args = [program, url, String(count), JSON.stringify(options)]
  const { stdout } = await promisify(execFile)(await peerPython(), args)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Report)
}

/** What deltalake wants to be told of a place: nothing of a local one. */
export function deltaRsOptions({ s3 }: StorageOptions): { readonly [name: string]: string } {
  const { endpoint, region, credentials } = s3 ?? {}
  if (endpoint === undefined || credentials === undefined) return {}
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ALLOW_HTTP: 'true',
    AWS_REGION: region ?? 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }
}
