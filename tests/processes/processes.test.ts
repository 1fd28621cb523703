import { beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../simulation/seeded-random.js'
import { startFaultProxy } from '../support/fault-proxy.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'
import { openLocal, openS3 } from '../table/places.js'
import { buildProgram } from './build-program.js'
import { killWriters } from './kill.js'
import { race } from './race.js'

/** Small enough for every run of the tests; `npm run soak` does the same at length. */
describe('processes that write to one table at once', () => {
  let program = ''
  beforeAll(async () => {
    program = await buildProgram('writer')
  })

  it.each([
    ['on a local disk', openLocal],
    ['on S3', openS3],
  ])('lose and double nothing %s', async (_, open) => {
    const place = await open()
    try {
      const { violations, acknowledged } = await race(program, {
        url: place.url(),
        storage: place.storage,
        appenders: 4,
        appends: 10,
        deleters: 2,
        deletes: 5,
      })
      expect(violations).toEqual([])
      expect(acknowledged).toBe(4 * 10 + 2 * 5)
    } finally {
      await place.close()
    }
  })

  it('lose and double nothing on S3 behind a network that fails', async () => {
    await using server = await startS3Server()
    const rates = { reset: 0.04, slowDown: 0.04, dropReply: 0.06, truncate: 0.02 }
    await using proxy = await startFaultProxy(server.url, rates, seededRandom(1))
    const storage = { s3: { ...server.options.s3, endpoint: proxy.url } }
    const size = { appenders: 3, appends: 10, deleters: 1, deletes: 5 }
    const { violations } = await race(program, {
      url: server.tableUrl('t'),
      storage,
      auditStorage: server.options,
      ...size,
    })
    expect(violations).toEqual([])
    expect(proxy.faults.dropReply).toBeGreaterThan(0)
  })

  it('may be killed at any moment: what was acknowledged is there, and nothing by halves', async () => {
    const place = await openLocal()
    try {
      const run = { url: place.url(), storage: place.storage, kills: 8, random: seededRandom(1) }
      const { violations, acknowledged } = await killWriters(program, run)
      expect(violations).toEqual([])
      expect(acknowledged).toBeGreaterThan(0)
    } finally {
      await place.close()
    }
  })
})
