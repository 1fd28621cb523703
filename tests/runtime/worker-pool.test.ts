import { describe, expect, it } from 'vitest'
import { isDeltaError } from '../../src/errors/delta-error.js'
import { WorkerPool } from '../../src/runtime/node/worker-pool.js'

/** Answers what it is told to: a number after so many ms, an error, the end of its thread. */
const SOURCE = `
const { parentPort, workerData, threadId } = require('node:worker_threads')
parentPort.on('message', ({ wait, fail, spent, exit, bytes }) => {
  if (exit) process.exit(3)
  if (fail) return parentPort.postMessage({ error: { name: 'Error', message: fail }, spent })
  setTimeout(() => parentPort.postMessage({ result: { data: workerData, threadId, size: bytes?.byteLength } }), wait ?? 0)
})`

interface Answer {
  readonly data: string
  readonly threadId: number
  readonly size?: number
}

const poolOf = (maxSize: number, idleMs = 1000): WorkerPool => new WorkerPool(SOURCE, 'shared', { maxSize, idleMs })
const run = async (pool: WorkerPool, message: object, transfer: ArrayBuffer[] = []): Promise<Answer> =>
  (await pool.run(message, transfer)) as Answer

describe('a pool of workers', () => {
  it('answers each message, takes buffers over, and shares its data', async () => {
    const pool = poolOf(2)
    const bytes = new ArrayBuffer(1000)
    const [first, second] = await Promise.all([run(pool, { bytes }, [bytes]), run(pool, { wait: 5 })])
    expect([first.data, first.size, second.data]).toEqual(['shared', 1000, 'shared'])
    expect(bytes.byteLength).toBe(0)
  })

  it('starts no more workers than it may, and uses them again', async () => {
    const pool = poolOf(1)
    const answers = await Promise.all([run(pool, {}), run(pool, {}), run(pool, {})])
    expect(new Set(answers.map(({ threadId }) => threadId)).size).toBe(1)
    expect(pool.warm).toBe(true)
  })

  it('replaces a worker that is spent or that ended, and goes on', async () => {
    const pool = poolOf(1)
    const first = await run(pool, {})
    await expect(run(pool, { fail: 'no', spent: false })).rejects.toThrow('no')
    expect((await run(pool, {})).threadId).toBe(first.threadId)
    await expect(run(pool, { fail: 'trapped', spent: true })).rejects.toThrow('trapped')
    expect((await run(pool, {})).threadId).not.toBe(first.threadId)
    await expect(run(pool, { exit: true })).rejects.toThrow(/ended with code 3/)
    expect((await run(pool, {})).data).toBe('shared')
  })

  it('ends the job of a signal that fires, waiting or running, and no other', async () => {
    const pool = poolOf(1)
    const [running, waiting] = [new AbortController(), new AbortController()]
    const jobs = [
      pool.run({ wait: 60_000 }, [], running.signal),
      pool.run({}, [], waiting.signal),
      pool.run({}, []),
    ].map((job) => job.catch((error: unknown) => error))
    waiting.abort()
    running.abort()
    const [first, second, third] = await Promise.all(jobs)
    expect([isDeltaError(first, 'Aborted'), isDeltaError(second, 'Aborted')]).toEqual([true, true])
    expect((third as Answer).data).toBe('shared')
    await expect(pool.run({}, [], AbortSignal.abort())).rejects.toSatisfy((error) => isDeltaError(error, 'Aborted'))
  })

  it('lets workers without work go', async () => {
    const pool = poolOf(1, 1)
    await run(pool, {})
    await expect.poll(() => pool.warm).toBe(false)
    expect((await run(pool, {})).data).toBe('shared')
  })
})
