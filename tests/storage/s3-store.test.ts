import { afterAll, beforeAll } from 'vitest'
import { S3Store } from '../../src/storage/s3/s3-store.js'
import { objectStoreContract } from '../contracts/object-store.contract.js'
import { type S3Server, startS3Server } from '../support/s3-server/start-s3-server.js'

let server: S3Server
let opened = 0
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server.close())

objectStoreContract(
  'S3',
  async () => new S3Store({ bucket: 'lake', prefix: `table ${opened++}`, s3: server.options.s3 }),
)
