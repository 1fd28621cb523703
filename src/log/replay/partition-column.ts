/** Dictionary-coded values of one partition column: `values[codes[i]]` belongs to file i. */
export interface PartitionColumn {
  readonly codes: Int32Array
  readonly values: readonly (string | null)[]
}

/** Collects the values of one partition column, file by file. */
export class PartitionColumnBuilder {
  readonly #codes: number[] = []
  readonly #values: (string | null)[] = []
  readonly #codeOf = new Map<string | null, number>()

  /** @param before how many files came before the first one that has the column: they read as null. */
  constructor(before = 0) {
    for (let i = 0; i < before; i++) this.push(null)
  }

  push(value: string | null): void {
    let code = this.#codeOf.get(value)
    if (code === undefined) {
      code = this.#values.length
      this.#values.push(value)
      this.#codeOf.set(value, code)
    }
    this.#codes.push(code)
  }

  get length(): number {
    return this.#codes.length
  }

  finish(): PartitionColumn {
    return { codes: Int32Array.from(this.#codes), values: this.#values }
  }
}
