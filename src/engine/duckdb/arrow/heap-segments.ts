import duckdb from '@duckdb/node-bindings'

/** A stretch of DuckDB's string heap that is fetched in one call. */
interface Segment {
  /** Address of the first byte. */
  start: number
  end: number
  /** A row whose pointer is `start`: the bindings read memory through a header only. */
  row: number
  bytes?: Uint8Array
}

/**
 * Two strings closer than a memory page lie on the same page or on neighbouring ones, both mapped because a string stands on
 * each: the gap between them can be read (and is ignored). Wider gaps than this are not worth it.
 */
const GAP = 256
/** How many segments back a string is looked for: dictionaries repeat their values in any order. */
const LOOK_BACK = 8

/**
 * Reads the long strings of one vector. A call into the bindings costs more than most strings, so neighbouring strings are
 * fetched together.
 */
export class HeapSegments {
  private readonly headers: Uint8Array
  private readonly words: Uint32Array
  private readonly segments: Segment[] = []
  private readonly segmentOfRow: Int32Array

  /** @param headers the vector's string headers, 16 bytes each. */
  constructor(headers: Uint8Array) {
    this.headers = headers
    this.words = new Uint32Array(headers.buffer, headers.byteOffset, headers.byteLength >> 2)
    this.segmentOfRow = new Int32Array(headers.byteLength >> 4)
  }

  /** Announces that the string of a row will be read. */
  add(row: number): void {
    const start = this.address(row)
    const end = start + (this.words[row * 4] as number)
    const { segments } = this
    for (let i = segments.length - 1; i >= 0 && i >= segments.length - LOOK_BACK; i--) {
      const segment = segments[i] as Segment
      if (segment.bytes !== undefined || start < segment.start || start >= segment.end + GAP) continue
      if (end > segment.end) segment.end = end
      this.segmentOfRow[row] = i
      return
    }
    this.segmentOfRow[row] = segments.push({ start, end, row }) - 1
  }

  /** The string of a row that was added. */
  read(row: number, length: number): Uint8Array {
    const segment = this.segments[this.segmentOfRow[row] as number] as Segment
    segment.bytes ??= this.fetch(segment)
    const from = this.address(row) - segment.start
    return segment.bytes.subarray(from, from + length)
  }

  private fetch(segment: Segment): Uint8Array {
    const pointer = this.headers.byteOffset + segment.row * 16 + 8
    return duckdb.get_data_from_pointer(this.headers.buffer as ArrayBuffer, pointer, segment.end - segment.start)
  }

  /** User-space addresses have 47 bits: a number holds them exactly. */
  private address(row: number): number {
    return (this.words[row * 4 + 2] as number) + (this.words[row * 4 + 3] as number) * 2 ** 32
  }
}
