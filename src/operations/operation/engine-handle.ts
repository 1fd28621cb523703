import type { EngineOptions, QueryEngine } from '../../engine/query-engine.js'
import { byteCount } from './byte-count.js'
import type { OperationOptions } from './operation-options.js'

/** A SQL engine that is started when it is first needed, and never where it is not. */
export class EngineHandle implements AsyncDisposable {
  readonly #options: EngineHandleOptions
  readonly #reads: EngineReads
  #engine: Promise<QueryEngine> | undefined

  /** @param reads what is known of the files that will be read */
  constructor(options: EngineHandleOptions, reads: EngineReads = {}) {
    this.#options = options
    this.#reads = reads
  }

  open(): Promise<QueryEngine> {
    this.#engine ??= start(this.#options, this.#reads)
    return this.#engine
  }

  /** Ends it and removes its temporary files. */
  async close(): Promise<void> {
    const engine = this.#engine
    this.#engine = undefined
    if (engine === undefined) return
    const opened = await engine.catch(() => undefined)
    await opened?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

type EngineReads = Pick<EngineOptions, 'table' | 'readsTableAlone'>

export interface EngineHandleOptions extends Pick<OperationOptions, 'memory' | 'temp'> {
  /** Threads of the engine. Default: one a core. */
  readonly threads?: number | undefined
  /** Remote data kept on local disk between queries: bytes, or text as in `4GB`. */
  readonly cache?: number | string | undefined
}

async function start({ memory, temp, threads, cache }: EngineHandleOptions, reads: EngineReads): Promise<QueryEngine> {
  const { openEngine } = await import('../../engine/open-engine.js')
  return openEngine({
    ...(memory === undefined ? {} : { memoryBytes: byteCount('memory', memory) }),
    ...(cache === undefined ? {} : { cacheBytes: byteCount('cache', cache) }),
    ...(temp === undefined ? {} : { tempDirectory: temp }),
    ...(threads === undefined ? {} : { threads }),
    ...reads,
  })
}
