import type { DiscardMisfits } from '../../engine/query-engine.js'

/** Counts what one write leaves out. */
export class DiscardCounter implements DiscardMisfits {
  readonly what: 'row' | 'value'
  #rows = 0
  #values = 0

  constructor(what: 'row' | 'value') {
    this.what = what
  }

  count(rows: number, values: number): void {
    this.#rows += rows
    this.#values += values
  }

  get metrics(): { readonly numDiscardedRows: number; readonly numDiscardedValues: number } {
    return { numDiscardedRows: this.#rows, numDiscardedValues: this.#values }
  }
}
