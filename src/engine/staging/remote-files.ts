import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteSource } from '../../parquet/byte-source.js'
import { readFooter } from '../../parquet/footer.js'
import { openParquet } from '../../parquet/open-parquet.js'
import type { ParquetFile } from '../../parquet/parquet-file.js'
import { parseSchema, type SchemaNode } from '../../parquet/parquet-schema.js'
import { partialCopy } from '../../parquet/partial-copy.js'
import { FooterCache } from './footer-cache.js'
import { Limiter } from './limiter.js'
import { LocalCopy } from './local-copy.js'

/** What a query needs of a remote file. */
export interface RemoteRequest {
  readonly source: ByteSource
  /** Whether a top-level column of the file is needed. */
  readonly needsColumn: (column: SchemaNode) => boolean
  /** Finds the columns, at any depth, that DuckDB has to take for variants; absent: there are none. */
  readonly variantsOf?: (columns: readonly SchemaNode[]) => ReadonlySet<SchemaNode>
  /** Chooses the row groups that are needed by their statistics; absent: all. */
  readonly chooseRowGroups?: (file: ParquetFile) => readonly number[]
}

/** A local copy in use, until it is released. */
export interface AcquiredCopy {
  readonly path: string
  release(): void
}

/** Files up to this size are fetched whole: one request in place of two or more. */
const WHOLE_BYTES = 1024 * 1024
/** Requests at once. */
const CONCURRENCY = 32

/**
 * Copies of remote files on local disk, shared by all queries of an engine. What is not in use is given up, the least recently used
 * first, when all together take more than `capacity` bytes.
 */
export class RemoteFiles {
  readonly directory: string
  readonly #capacity: number
  readonly #limiter = new Limiter(CONCURRENCY)
  readonly #footers = new FooterCache()
  /** By the name of the file, least recently used first. */
  readonly #copies = new Map<LocalCopy, string>()
  readonly #byName = new Map<string, Set<LocalCopy>>()
  #bytes = 0
  #count = 0
  #ready: Promise<unknown> | undefined

  constructor(directory: string, capacity: number) {
    this.directory = directory
    this.#capacity = capacity
  }

  async acquire(request: RemoteRequest, signal?: AbortSignal): Promise<AcquiredCopy> {
    this.#ready ??= mkdir(this.directory, { recursive: true })
    await this.#ready
    const { source, variantsOf } = request
    const name = `${source.name} ${source.size}`
    const whole = this.#find(name, (copy) => copy.rowGroups === undefined)
    if (variantsOf === undefined && (whole !== undefined || source.size <= WHOLE_BYTES)) {
      const copy = this.#use(whole ?? this.#add(name, undefined), name)
      return this.#filled(copy, () => copy.fillWhole(source, this.#limiter, signal))
    }
    const tail = this.#footers.wrap(source)
    const footer = await readFooter(tail, signal)
    const all = footer.rowGroups.map((_, index) => index)
    const rowGroups = request.chooseRowGroups?.(await openParquet(tail, signal)) ?? all
    const columns = parseSchema(footer.elements).filter(request.needsColumn)
    const plan = partialCopy(source, footer, columns, rowGroups, variantsOf)
    const same = this.#find(name, (copy) => String(copy.rowGroups) === String(rowGroups))
    const copy = this.#use(same ?? this.#add(name, rowGroups), name)
    return this.#filled(copy, () => copy.fill(source, plan, this.#limiter, signal))
  }

  async #filled(copy: LocalCopy, fill: () => Promise<number>): Promise<AcquiredCopy> {
    let released = false
    const release = (): void => {
      if (released) return
      released = true
      copy.users--
      this.#makeRoom()
    }
    try {
      const grown = await fill()
      this.#bytes += grown
      this.#makeRoom()
      return { path: copy.path, release }
    } catch (error) {
      release()
      throw error
    }
  }

  #find(name: string, fits: (copy: LocalCopy) => boolean): LocalCopy | undefined {
    for (const copy of this.#byName.get(name) ?? []) if (fits(copy)) return copy
    return undefined
  }

  #add(name: string, rowGroups: readonly number[] | undefined): LocalCopy {
    const copy = new LocalCopy(join(this.directory, `${this.#count++}.parquet`), rowGroups)
    const known = this.#byName.get(name)
    if (known === undefined) this.#byName.set(name, new Set([copy]))
    else known.add(copy)
    return copy
  }

  #use(copy: LocalCopy, name: string): LocalCopy {
    copy.users++
    this.#copies.delete(copy)
    this.#copies.set(copy, name)
    return copy
  }

  #makeRoom(): void {
    for (const [copy, name] of this.#copies) {
      if (this.#bytes <= this.#capacity) return
      if (copy.users > 0) continue
      this.#copies.delete(copy)
      this.#byName.get(name)?.delete(copy)
      if (this.#byName.get(name)?.size === 0) this.#byName.delete(name)
      this.#bytes -= copy.bytes
      void copy.remove()
    }
  }
}
