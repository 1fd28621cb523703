import { DeltaTable, double, long, string, struct } from '../../src/index.js'
import { startS3Server } from '../../tests/support/s3-server/start-s3-server.js'
import type { Benchmark } from '../benchmark.js'

/** Rows of an append. */
const ROWS = 10

/** Each caller waits for its append before the next, as request handlers of a service do. 2,000 appends a second are the goal. */
export const benchmark: Benchmark<{ readonly callers: number; readonly appends: number }> = {
  title: '8,000 appends of 10 rows by 500 callers through one handle on S3, 50 ms added to each request',
  goals: { ms: 4000 },
  async prepare({ quick }) {
    return quick ? { callers: 20, appends: 100 } : { callers: 500, appends: 8000 }
  },
  async ours({ callers, appends }) {
    const server = await startS3Server()
    const schema = struct({ id: long().notNull(), kind: string(), value: double() })
    const table = await DeltaTable.create(server.tableUrl('table'), { schema, storage: server.options })
    const append = (number: number): Promise<unknown> => {
      const row = (i: number) => ({ id: BigInt(number * ROWS + i), kind: `kind-${i}`, value: i / 7 })
      return table.append(Array.from({ length: ROWS }, (_, i) => row(i)))
    }
    await append(0)
    server.latencyMs = 50
    return {
      async run() {
        let next = 0
        const caller = async (): Promise<void> => {
          while (next < appends) await append(next++)
        }
        await Promise.all(Array.from({ length: callers }, caller))
        return undefined
      },
    }
  },
}
