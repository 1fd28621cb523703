import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { DeltaError } from '../../errors/delta-error.js'
import { isInvalidated } from './duckdb-error.js'
import { type InstanceSettings, openInstance } from './instance.js'

/** An instance and how many connections are lent. */
interface Member {
  readonly directories: ReadonlySet<string>
  readonly instance: DuckDBInstance
  readonly leases: Set<Lease>
  users: number
  /** Nothing was asked of it yet. */
  fresh: boolean
  retired: boolean
}

/** A connection on loan. */
export interface Lease {
  readonly connection: DuckDBConnection
  release(): void
}

/** More folders than this are not carried over to the next instance. */
const MAX_DIRECTORIES = 100

/**
 * Lends connections to a DuckDB whose SQL can open files of the folders asked for. DuckDB fixes the folders when it is locked, so a
 * new folder means a new instance (some milliseconds); the old one is closed when its last user is done.
 */
export class InstancePool {
  readonly #settings: Omit<InstanceSettings, 'directories'>
  readonly #foreseen: readonly string[]
  readonly #members = new Set<Member>()
  #current: Member | undefined
  #opening: Promise<unknown> = Promise.resolve()
  #closed = false

  /** @param foreseen folders that will be asked for */
  constructor(settings: Omit<InstanceSettings, 'directories'>, foreseen: readonly string[] = []) {
    this.#settings = settings
    this.#foreseen = foreseen
  }

  /** Begins to open an instance for the folders foreseen: it takes some 20 ms, most of them in a thread of its own. */
  prepare(): void {
    this.#inTurn(async () => this.#leave(await this.#memberFor(new Set(this.#foreseen)))).catch(() => undefined)
  }

  async connect(directories: Iterable<string>): Promise<Lease> {
    const wanted = new Set(directories)
    const member = await this.#inTurn(() => this.#memberFor(wanted))
    try {
      const connection = await member.instance.connect()
      if (!member.fresh) await connection.run('SELECT 1')
      member.fresh = false
      return this.#lend(member, connection)
    } catch (error) {
      this.#leave(member)
      if (!isInvalidated(error)) throw error
      if (this.#current === member) this.#current = undefined
      this.#retire(member)
      return this.connect(wanted)
    }
  }

  /** Ends what still runs: results that were not read to their end give up their connections. */
  close(): void {
    this.#closed = true
    this.#current = undefined
    for (const member of this.#members) {
      for (const lease of member.leases) {
        lease.connection.interrupt()
        lease.release()
      }
      this.#retire(member)
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#opening.then(work)
    this.#opening = turn.catch(() => undefined)
    return turn
  }

  async #memberFor(wanted: ReadonlySet<string>): Promise<Member> {
    const current = this.#current
    if (current !== undefined && [...wanted].every((directory) => current.directories.has(directory))) {
      current.users++
      return current
    }
    const kept =
      current === undefined || current.directories.size > MAX_DIRECTORIES ? this.#foreseen : current.directories
    const all = new Set([...kept, ...wanted])
    const instance = await openInstance({ ...this.#settings, directories: [...all] })
    if (this.#closed) {
      instance.closeSync()
      throw new DeltaError('InvalidArgument', 'The engine is closed.')
    }
    const member: Member = { directories: all, instance, leases: new Set(), users: 1, fresh: true, retired: false }
    this.#members.add(member)
    this.#current = member
    if (current !== undefined) this.#retire(current)
    return member
  }

  #lend(member: Member, connection: DuckDBConnection): Lease {
    const lease: Lease = {
      connection,
      release: () => {
        if (!member.leases.delete(lease)) return
        connection.closeSync()
        this.#leave(member)
      },
    }
    member.leases.add(lease)
    return lease
  }

  #leave(member: Member): void {
    member.users--
    if (member.retired && member.users === 0) this.#dispose(member)
  }

  #retire(member: Member): void {
    member.retired = true
    if (member.users === 0) this.#dispose(member)
  }

  #dispose(member: Member): void {
    if (!this.#members.delete(member)) return
    member.instance.closeSync()
  }
}
