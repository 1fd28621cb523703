import type { PartitionColumn } from '../file-list.js'

/** Collects the values of one partition column, file by file. */
export class PartitionBuilder {
  readonly #codes: number[] = []
  readonly #values: (string | null)[] = []
  readonly #codeOf = new Map<string | null, number>()

  get length(): number {
    return this.#codes.length
  }

  push(value: string | null): void {
    let code = this.#codeOf.get(value)
    if (code === undefined) {
      code = this.#values.push(value) - 1
      this.#codeOf.set(value, code)
    }
    this.#codes.push(code)
  }

  /** Nulls for the files that came before the first one that has the column, or lack it. */
  fillTo(length: number): void {
    while (this.#codes.length < length) this.push(null)
  }

  /** The column in the reverse order. */
  finishReversed(): PartitionColumn {
    return { codes: Int32Array.from(this.#codes.reverse()), values: this.#values }
  }
}
