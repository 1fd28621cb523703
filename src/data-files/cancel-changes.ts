import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../arrow/column.js'
import { DigestIndex } from '../arrow/digest-index.js'
import { filterBatch } from '../arrow/filter-batch.js'
import { DIGEST_WORDS, rowDigests } from '../arrow/row-digests.js'
import type { ChangePlan } from '../scan/change-plan.js'
import { type ReadChangesOptions, readChanges } from './read-changes.js'

export interface CancelChangesOptions extends Omit<ReadChangesOptions, 'side' | 'onVersion'> {
  /** What may be held of the rows that went, in bytes; where there are too many, all is read several times. */
  readonly memoryBytes: number
}

/** Of a row that went, at most. */
const BYTES_A_ROW = 64

/**
 * The changes of a plan without the rows that went and came back as they were, each as often as it stands: what compaction and copy-on-write move from file to file, for one.
 *
 * @throws what `readChanges` throws
 */
export async function* cancelChanges(
  plan: ChangePlan,
  { memoryBytes, ...options }: CancelChangesOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  const went = { ...options, side: 'delete' } as const
  const came = { ...options, side: 'insert' } as const
  const limit = Math.max(1, Math.floor(memoryBytes / BYTES_A_ROW))
  let parts = 1
  for (let part = 0; part < parts; part++) {
    let counts = await countRows(plan, went, new RowCounts(parts, part), part === 0 ? limit : undefined)
    while (counts === undefined) {
      parts *= 2
      counts = await countRows(plan, went, new RowCounts(parts, part), limit)
    }
    for await (const batch of readChanges(plan, came)) {
      const left = filterBatch(batch, counts.unmatched(digestsOf(batch, plan)))
      if (left.numRows > 0) yield left
    }
    if (counts.isEmpty) continue
    for await (const batch of readChanges(plan, went)) {
      const left = filterBatch(batch, counts.take(digestsOf(batch, plan)))
      if (left.numRows > 0) yield left
    }
  }
}

/** Undefined where there are more rows than the limit: they have to be taken in smaller parts. */
async function countRows(
  plan: ChangePlan,
  options: ReadChangesOptions,
  counts: RowCounts,
  limit = Number.POSITIVE_INFINITY,
): Promise<RowCounts | undefined> {
  for await (const batch of readChanges(plan, options)) {
    counts.add(digestsOf(batch, plan))
    if (counts.size > limit) return undefined
  }
  return counts
}

function digestsOf({ data, numRows }: RecordBatch, { schema }: ChangePlan): Int32Array {
  return rowDigests((data.children as Column[]).slice(0, schema.fields.length), numRows)
}

/** How often each row of one part of the rows is left. */
class RowCounts {
  readonly #parts: number
  readonly #part: number
  readonly #index = new DigestIndex()
  #counts = new Int32Array(1024)
  #total = 0

  constructor(parts: number, part: number) {
    this.#parts = parts
    this.#part = part
  }

  /** How many rows of this part differ. */
  get size(): number {
    return this.#index.size
  }

  get isEmpty(): boolean {
    return this.#total === 0
  }

  add(digests: Int32Array): void {
    for (let row = 0; row < digests.length / DIGEST_WORDS; row++) {
      if (!this.#isHere(digests, row)) continue
      const number = this.#index.add(digests, row)
      if (number === this.#counts.length) {
        const twice = new Int32Array(number * 2)
        twice.set(this.#counts)
        this.#counts = twice
      }
      this.#counts[number] = (this.#counts[number] as number) + 1
      this.#total++
    }
  }

  /** 1 for each row that has no counterpart here; counterparts are used up. */
  unmatched(digests: Int32Array): Uint8Array {
    return this.#mask(digests, (row) => (this.#use(digests, row) ? 0 : 1))
  }

  /** 1 for each row that is left here; it is used up. */
  take(digests: Int32Array): Uint8Array {
    return this.#mask(digests, (row) => (this.#use(digests, row) ? 1 : 0))
  }

  #mask(digests: Int32Array, test: (row: number) => 0 | 1): Uint8Array {
    const mask = new Uint8Array(digests.length / DIGEST_WORDS)
    for (let row = 0; row < mask.length; row++) if (this.#isHere(digests, row)) mask[row] = test(row)
    return mask
  }

  #use(digests: Int32Array, row: number): boolean {
    const number = this.#index.find(digests, row)
    if (number < 0 || this.#counts[number] === 0) return false
    this.#counts[number] = (this.#counts[number] as number) - 1
    this.#total--
    return true
  }

  /** Rows are parted by their last word; the index goes by the first. */
  #isHere(digests: Int32Array, row: number): boolean {
    if (this.#parts === 1) return true
    return ((digests[row * DIGEST_WORDS + 3] as number) >>> 0) % this.#parts === this.#part
  }
}
