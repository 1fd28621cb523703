import { DigestIndex } from '../arrow/digest-index.js'
import type { ChangeType } from '../scan/change-columns.js'

/** What a row of a stream of changes stands for. */
export interface NetChange {
  readonly type: ChangeType
  /** The last version that changed the row's key, and its time in ms since the epoch. */
  readonly version: number
  readonly timestamp: number
}

/** Fields of a key's state. */
const VERSION = 0
const TIMESTAMP = 1
const FLAGS = 2
/** Position of the row as it was before all changes, -1 where there was none, and half of its digest. */
const BEFORE = 3
/** Position of the row as it is after the last change, -1 where there is none, and half of its digest. */
const AFTER = 6
const FIELDS = 9

/** In the version at hand, the key had a row before the change. */
const WENT = 1
/** In the version at hand, the key has a row after the change. */
const CAME = 2
/** Before the version at hand, the key had a row. */
const EXISTED = 4
/** Before the version at hand, the key had none. */
const ABSENT = 8

/** What a key takes at most, while there is room made for more. */
export const BYTES_OF_A_KEY = 256

/** What is known of the rows of each key while changes go by, version by version. Takes 100 to {@link BYTES_OF_A_KEY} bytes a key. */
export class KeyStates {
  readonly #keys = new DigestIndex()
  #states = new Float64Array(1024 * FIELDS)

  /**
   * Takes notice of a row.
   *
   * @param keys digests of the keys of the batch that has the row
   * @param rows digests of its whole rows
   * @returns false where the key cannot be one: two rows have it at a time
   */
  see({ keys, rows, row, position }: SeenRow, type: ChangeType, version: number, timestamp: number): boolean {
    const known = this.#keys.size
    const number = this.#keys.add(keys, row)
    if (number === known) this.#begin(number, version)
    const at = number * FIELDS
    if (this.#states[at + VERSION] !== version && !this.#nextVersion(at, version)) return false
    this.#states[at + TIMESTAMP] = timestamp
    const side = type === 'delete' || type === 'update_preimage' ? WENT : CAME
    const flags = this.#states[at + FLAGS] as number
    if (flags & side) return false
    this.#states[at + FLAGS] = flags | side
    if (side === CAME) this.#keep(at + AFTER, position, rows, row)
    else if (!(flags & (EXISTED | ABSENT))) this.#keep(at + BEFORE, position, rows, row)
    return true
  }

  /** How many keys there are. */
  get size(): number {
    return this.#keys.size
  }

  /** Whether each key can be one, as far as its last version tells. */
  areConsistent(): boolean {
    for (let number = 0; number < this.size; number++) {
      if (!isConsistent(this.#states[number * FIELDS + FLAGS] as number)) return false
    }
    return true
  }

  /** What a row stands for where all changes of its key are taken as one; undefined where it does not remain. @param keys digests of the keys of its batch */
  netChange(keys: Int32Array, row: number, position: number): NetChange | undefined {
    const number = this.#keys.find(keys, row)
    if (number < 0) return undefined
    const at = number * FIELDS
    const [before, after] = [this.#states[at + BEFORE] as number, this.#states[at + AFTER] as number]
    if (position !== before && position !== after) return undefined
    const change = { version: this.#states[at + VERSION] as number, timestamp: this.#states[at + TIMESTAMP] as number }
    if (after < 0) return { ...change, type: 'delete' }
    if (before < 0) return { ...change, type: 'insert' }
    if (this.#equalRows(at)) return undefined
    return { ...change, type: position === before ? 'update_preimage' : 'update_postimage' }
  }

  #begin(number: number, version: number): void {
    const at = number * FIELDS
    if (at === this.#states.length) {
      const twice = new Float64Array(this.#states.length * 2)
      twice.set(this.#states)
      this.#states = twice
    }
    this.#states[at + VERSION] = version
    this.#states[at + BEFORE] = -1
    this.#states[at + AFTER] = -1
  }

  /** False where the version before cannot be true of a key. */
  #nextVersion(at: number, version: number): boolean {
    const flags = this.#states[at + FLAGS] as number
    if (!isConsistent(flags)) return false
    this.#states[at + FLAGS] = flags & CAME ? EXISTED : ABSENT
    this.#states[at + VERSION] = version
    this.#states[at + AFTER] = -1
    return true
  }

  #keep(at: number, position: number, digests: Int32Array, row: number): void {
    this.#states[at] = position
    this.#states[at + 1] = digests[row * 4] as number
    this.#states[at + 2] = digests[row * 4 + 1] as number
  }

  #equalRows(at: number): boolean {
    return (
      this.#states[at + BEFORE + 1] === this.#states[at + AFTER + 1] &&
      this.#states[at + BEFORE + 2] === this.#states[at + AFTER + 2]
    )
  }
}

/** A row of a batch. */
export interface SeenRow {
  readonly keys: Int32Array
  readonly rows: Int32Array
  readonly row: number
  /** In the stream. */
  readonly position: number
}

/** A row that was there must go before another one comes, and one that was not cannot go. */
function isConsistent(flags: number): boolean {
  if (flags & EXISTED) return (flags & WENT) !== 0
  return !(flags & ABSENT) || (flags & WENT) === 0
}
