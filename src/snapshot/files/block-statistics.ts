import { type TextColumn, textAt } from './text-column.js'

/** Where the statistics of a block can be read (again). It gives them to the block, and to others that lie beside it. */
export interface StatisticsSource {
  load(signal?: AbortSignal): Promise<void>
  /** Told when a block let go of what it was given. */
  forget(): void
}

/** The `stats` of the files of a block: in memory, or left in the checkpoint until somebody wants them. */
export class BlockStatistics {
  readonly #source: StatisticsSource | undefined
  #texts: TextColumn | undefined

  private constructor(texts: TextColumn | undefined, source: StatisticsSource | undefined) {
    this.#texts = texts
    this.#source = source
  }

  static of(texts: TextColumn): BlockStatistics {
    return new BlockStatistics(texts, undefined)
  }

  static deferred(source: StatisticsSource): BlockStatistics {
    return new BlockStatistics(undefined, source)
  }

  /** Whether they are in memory and nowhere else. */
  get isOwned(): boolean {
    return this.#source === undefined
  }

  /** What is in memory, an empty text where a file has none. */
  get texts(): TextColumn | undefined {
    return this.#texts
  }

  /** The JSON text of file i; undefined where it has none, or where they were not loaded. */
  at(i: number): string | undefined {
    return (this.#texts && textAt(this.#texts, i)) || undefined
  }

  async load(signal?: AbortSignal): Promise<void> {
    if (this.#texts === undefined) await this.#source?.load(signal)
  }

  /** Frees memory, where they can be read again. */
  unload(): void {
    if (this.#source === undefined) return
    this.#texts = undefined
    this.#source.forget()
  }

  /** For the source. */
  receive(texts: TextColumn): void {
    this.#texts = texts
  }
}
