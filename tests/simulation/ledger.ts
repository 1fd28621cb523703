/** What the writer was told about one operation. `unknown`: its process died, or the commit's fate was not learned. */
type Outcome = 'committed' | 'refused' | 'unknown'

/** What one operation meant to do to rows, and what its writer was told. */
export interface Entry {
  readonly writer: number
  readonly verb: string
  readonly inserted: readonly number[]
  readonly deleted: readonly number[]
  readonly updated: readonly number[]
  outcome: Outcome
  /** The version that the writer was told. */
  version?: number
}

/** Every operation of a run, written down before it starts. */
export class Ledger {
  readonly entries: Entry[] = []

  open(writer: number, verb: string, rows: Partial<Pick<Entry, 'inserted' | 'deleted' | 'updated'>>): Entry {
    const entry: Entry = { writer, verb, inserted: [], deleted: [], updated: [], ...rows, outcome: 'unknown' }
    this.entries.push(entry)
    return entry
  }
}
