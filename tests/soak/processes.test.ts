import { beforeAll, describe, expect, it } from 'vitest'
import { buildProgram } from '../processes/build-program.js'
import { killWriters } from '../processes/kill.js'
import { race } from '../processes/race.js'
import { seededRandom } from '../simulation/seeded-random.js'
import { startFaultProxy } from '../support/fault-proxy.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'
import { openLocal, openS3, type Place } from '../table/places.js'
import { appendWithDeltaRs, deltaRsOptions } from './delta-rs-writer.js'
import { soakSeed } from './soak-seed.js'

const SIZE = { appenders: 16, appends: 50, deleters: 4, deletes: 20 }
const OPERATIONS = 16 * 50 + 4 * 20
const KILLS = Number(process.env.LAKEWRIGHT_KILLS ?? 200)

describe(`processes that write to one table at once (seed ${soakSeed})`, () => {
  let program = ''
  beforeAll(async () => {
    program = await buildProgram('writer')
  })

  const places: readonly (readonly [name: string, open: () => Promise<Place>])[] = [
    ['on a local disk', openLocal],
    ['on S3', openS3],
  ]

  it.each(places)('lose and double nothing %s, by deletion vectors', async (_, open) => {
    const place = await open()
    const { violations, acknowledged } = await race(program, { url: place.url(), storage: place.storage, ...SIZE })
    expect(violations).toEqual([])
    expect(acknowledged).toBe(OPERATIONS)
    await place.close()
  })

  it.each(places)('lose and double nothing beside a writer of delta-rs %s', async (_, open) => {
    const place = await open()
    const options = deltaRsOptions(place.storage)
    const beside = (url: string): ReturnType<typeof appendWithDeltaRs> => appendWithDeltaRs(url, 50, options)
    const run = { url: place.url(), storage: place.storage, ...SIZE, deletionVectors: false, beside }
    const { violations, acknowledged } = await race(program, run)
    expect(violations).toEqual([])
    expect(acknowledged).toBeGreaterThan(OPERATIONS)
    await place.close()
  })

  it('lose and double nothing behind a network that fails', async () => {
    await using server = await startS3Server()
    const rates = { reset: 0.05, slowDown: 0.05, dropReply: 0.05, truncate: 0.02 }
    await using proxy = await startFaultProxy(server.url, rates, seededRandom(soakSeed))
    const storage = { s3: { ...server.options.s3, endpoint: proxy.url } }
    const run = { url: server.tableUrl('t'), storage, auditStorage: server.options, ...SIZE }
    const { violations, acknowledged } = await race(program, run)
    expect(violations).toEqual([])
    console.log({ acknowledged, of: OPERATIONS, faults: proxy.faults })
  })

  it.each(places)(`may be killed ${KILLS} times %s`, async (_, open) => {
    const place = await open()
    const run = { url: place.url(), storage: place.storage, kills: KILLS, random: seededRandom(soakSeed) }
    const { violations, acknowledged } = await killWriters(program, run)
    expect(violations).toEqual([])
    console.log({ kills: KILLS, acknowledged })
    await place.close()
  })
})
