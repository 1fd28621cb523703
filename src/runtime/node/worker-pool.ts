import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { abortedError } from '../aborted.js'

export interface WorkerPoolOptions {
  /** There is one worker a core, up to so many. Default: no limit. */
  readonly maxSize?: number
  /** Milliseconds after which a worker without work ends, and its memory with it. Default 5,000. */
  readonly idleMs?: number
}

/** How a worker answers: with a result, or with an error after which it may be `spent` and is replaced. */
export type WorkerReply =
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string }; readonly spent: boolean }

interface Job {
  readonly message: unknown
  readonly transfer: readonly ArrayBuffer[]
  readonly signal: AbortSignal | undefined
  resolve(result: unknown): void
  reject(error: unknown): void
}

interface Member {
  readonly worker: Worker
  job: Job | undefined
  idleTimer: NodeJS.Timeout | undefined
}

/**
 * Worker threads that run one source text and answer each message with one {@link WorkerReply}. Workers start when there is work for them
 * and end when there is none; they never keep the process alive.
 */
export class WorkerPool {
  readonly size: number
  private readonly source: string
  private readonly data: unknown
  private readonly idleMs: number
  private readonly members: Member[] = []
  private readonly queue: Job[] = []

  /** @param source CommonJS. @param data what workers see as `workerData`. */
  constructor(source: string, data: unknown, options: WorkerPoolOptions = {}) {
    this.source = source
    this.data = data
    this.size = Math.min(availableParallelism(), options.maxSize ?? Number.POSITIVE_INFINITY)
    this.idleMs = options.idleMs ?? 5000
  }

  /** Whether a worker is up, so that work costs no start. */
  get warm(): boolean {
    return this.members.length > 0
  }

  /** Jobs start in the order of the calls. Aborted where the signal fires: a worker that is at the job ends. */
  run(message: unknown, transfer: readonly ArrayBuffer[], signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const job: Job = { message, transfer, signal, resolve: done(resolve), reject: done(reject) }
      const onAbort = (): void => {
        this.abandon(job)
        job.reject(abortedError(signal))
      }
      function done<A>(settle: (value: A) => void): (value: A) => void {
        return (value) => {
          signal?.removeEventListener('abort', onAbort)
          settle(value)
        }
      }
      if (signal?.aborted) return reject(abortedError(signal))
      signal?.addEventListener('abort', onAbort, { once: true })
      this.queue.push(job)
      this.dispatch()
    })
  }

  private dispatch(): void {
    while (this.queue.length > 0) {
      const member = this.members.find(({ job }) => job === undefined) ?? this.start()
      if (member === undefined) return
      const job = this.queue.shift() as Job
      clearTimeout(member.idleTimer)
      member.job = job
      member.worker.ref()
      member.worker.postMessage(job.message, [...job.transfer])
    }
  }

  private start(): Member | undefined {
    if (this.members.length >= this.size) return undefined
    const worker = new Worker(this.source, { eval: true, workerData: this.data })
    const member: Member = { worker, job: undefined, idleTimer: undefined }
    this.members.push(member)
    worker.on('message', (reply: WorkerReply) => this.finish(member, reply))
    worker.on('error', (error) => this.lose(member, error))
    worker.on('exit', (code) => this.lose(member, new Error(`A worker thread ended with code ${code}.`)))
    return member
  }

  private finish(member: Member, reply: WorkerReply): void {
    const { job } = member
    member.job = undefined
    member.worker.unref()
    if ('error' in reply) {
      if (reply.spent) this.end(member)
      job?.reject(Object.assign(new Error(reply.error.message), { name: reply.error.name }))
    } else job?.resolve(reply.result)
    if (this.members.includes(member)) {
      member.idleTimer = setTimeout(() => this.end(member), this.idleMs).unref()
    }
    this.dispatch()
  }

  private lose(member: Member, error: unknown): void {
    this.end(member)
    member.job?.reject(error)
    member.job = undefined
    this.dispatch()
  }

  private abandon(job: Job): void {
    const queued = this.queue.indexOf(job)
    if (queued >= 0) this.queue.splice(queued, 1)
    const member = this.members.find((candidate) => candidate.job === job)
    if (member !== undefined) this.end(member)
  }

  private end(member: Member): void {
    const index = this.members.indexOf(member)
    if (index < 0) return
    this.members.splice(index, 1)
    clearTimeout(member.idleTimer)
    void member.worker.terminate()
  }
}
