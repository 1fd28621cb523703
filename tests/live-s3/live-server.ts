import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { S3Options } from '../../src/storage/storage-options.js'
import { repositoryRoot } from '../support/repository-root.js'

/** An S3 server of somebody else's, running as a process of its own. */
export interface LiveServer {
  readonly s3: S3Options
  /** A bucket that was made for these tests. */
  readonly bucket: string
  stop(): Promise<void>
}

/** The kinds of servers to try, from LAKEWRIGHT_S3 (`moto,versitygw` if unset). */
export const liveServerKinds: readonly string[] = (process.env.LAKEWRIGHT_S3 ?? 'moto,versitygw').split(',')

/** Starts a server with the script that also installs it: `start-s3.sh` in COMPONENTS_DIR, or in shared/ beside the repository. */
export async function startLiveServer(kind: string): Promise<LiveServer> {
  const components = process.env.COMPONENTS_DIR ?? join(repositoryRoot, '..', 'shared', 'components')
  const script = join(components, 'start-s3.sh')
  if (!existsSync(script)) throw new Error(`${script} is missing: set COMPONENTS_DIR to the folder that has it.`)
  const folder = await mkdtemp(join(tmpdir(), `lakewright-${kind}-`))
  const port = await freePort()
  const { stdout } = await promisify(execFile)(script, [kind, String(port), folder])
  const pid = Number(/ pid (\d+)/.exec(stdout)?.[1])
  const s3: S3Options = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'testtest' },
    forcePathStyle: true,
  }
  const client = new S3Client(s3)
  await client.send(new CreateBucketCommand({ Bucket: 'contract' }))
  client.destroy()
  const stop = async (): Promise<void> => {
    process.kill(pid)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return { s3, bucket: 'contract', stop }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No free port was found.')
  return address.port
}
