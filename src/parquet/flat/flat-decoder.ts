import type { uninitializedBytes } from '../../runtime/uninitialized-bytes.js'
import type { DecodedBatches } from '../kernel.js'

/** What becomes of the values of a column, as `module/` numbers it. */
export const FLAT_KIND = {
  boolean: 0,
  same: 1,
  int8: 2,
  int16: 3,
  decimalOfInt32: 4,
  decimalOfInt64: 5,
  decimalOfBytes: 6,
  binary: 7,
  text: 8,
} as const

/** A column chunk without lists and structs, and how it is stored. */
export interface FlatColumn {
  /** Where its pages stand in the bytes that are decoded, dictionary page first. */
  readonly at: number
  readonly size: number
  readonly isPacked: boolean
  /** Bytes of all pages without compression. */
  readonly unpacked: number
  /** One of {@link FLAT_KIND}. */
  readonly kind: number
  /** Bytes of a value in the file, 0 where they differ. */
  readonly width: number
  /** Bytes of a value in Arrow, 0 where they differ or are bits. */
  readonly outWidth: number
  readonly isNullable: boolean
}

/** What `module/` exports. */
interface FlatExports {
  readonly memory: WebAssembly.Memory
  readonly validity: WebAssembly.Global
  readonly values: WebAssembly.Global
  readonly offsets: WebAssembly.Global
  readonly valueBytes: WebAssembly.Global
  readonly nullCount: WebAssembly.Global
  reset(): void
  allocate(size: number): number
  decode(
    input: number,
    inputBytes: number,
    isPacked: boolean,
    unpacked: number,
    count: number,
    kind: number,
    width: number,
    isNullable: boolean,
  ): number
  keep(runs: number, count: number): void
}

/** Which rows of a row group to decode. */
interface FlatRows {
  /** Of the row group. */
  readonly rows: number
  /** What stays of them, in order; all rows where it is left out. First row and number of rows of each run, behind each other. */
  readonly runs?: Int32Array
}

export interface FlatDecoder {
  /**
   * Decodes columns of a row group, which end up as batches of `batchRows` (a multiple of 64) rows, of those that stay.
   * @returns undefined where one of them is damaged, or stored in a way that is not known here
   */
  decodeFlat(
    bytes: Uint8Array,
    columns: readonly FlatColumn[],
    rows: FlatRows,
    batchRows: number,
  ): DecodedBatches | undefined
}

/** Runs where it is called, and in worker threads, which get it as source text: it may refer to nothing but its arguments and globals. @param wasm the bytes of the module */
export function createFlatDecoder(wasm: Uint8Array<ArrayBuffer>, allocate: typeof uninitializedBytes): FlatDecoder {
  /** More memory than this is let go of. */
  const MOST_KEPT = 64 << 20
  const module = new WebAssembly.Module(wasm)
  let instance: FlatExports | undefined

  /** A column in the memory of the instance. */
  interface Decoded {
    readonly column: FlatColumn
    readonly validity: number
    readonly values: number
    readonly offsets: number
    readonly nullCount: number
  }
  /** The memory, and what it is copied to. */
  interface Copy {
    readonly memory: Uint8Array
    readonly target: Uint8Array<ArrayBuffer>
    next: number
  }

  const align = (size: number): number => (size + 7) & ~7

  function decodeAll(from: FlatExports, bytes: Uint8Array, columns: readonly FlatColumn[], { rows, runs }: FlatRows) {
    from.reset()
    const runsAt = runs === undefined ? 0 : from.allocate(runs.byteLength) >>> 0
    if (runs !== undefined) new Int32Array(from.memory.buffer, runsAt, runs.length).set(runs)
    const decoded: Decoded[] = []
    for (const column of columns) {
      const { at, size, isPacked, unpacked, kind, width, isNullable } = column
      const input = from.allocate(size) >>> 0
      new Uint8Array(from.memory.buffer).set(bytes.subarray(at, at + size), input)
      if (!from.decode(input, size, isPacked, unpacked, rows, kind, width, isNullable)) return undefined
      if (runs !== undefined) from.keep(runsAt, runs.length / 2)
      const nullCount = from.nullCount.value as number
      const [validity, values, offsets] = [from.validity, from.values, from.offsets].map(({ value }) => value >>> 0)
      decoded.push({ column, validity, values, offsets, nullCount } as Decoded)
    }
    return decoded
  }

  /** Copies bytes and answers where they are now. */
  function place(copy: Copy, from: number, size: number): number {
    const { memory, target, next: to } = copy
    target.set(memory.subarray(from, from + size), to)
    copy.next = align(to + size)
    target.fill(0, to + size, copy.next)
    return to
  }

  /** The numbers of a node: see `NODE_FIELDS`. */
  function nodeOf(copy: Copy, decoded: Decoded, start: number, length: number, whole: boolean): number[] {
    const { column, validity, values, offsets, nullCount } = decoded
    const bits = (length + 7) >> 3
    const node = [length, nullCount === 0 ? 0 : whole ? nullCount : -1, -1, -1, -1, 0]
    if (nullCount > 0) node[2] = place(copy, validity + (start >> 3), bits)
    if (offsets === 0) {
      const size = column.outWidth === 0 ? bits : length * column.outWidth
      const skipped = column.outWidth === 0 ? start >> 3 : start * column.outWidth
      node[3] = place(copy, values + skipped, size)
      node[5] = size
      return node
    }
    const ends = new Int32Array(copy.memory.buffer, offsets + start * 4, length + 1)
    const first = ends[0] as number
    node[4] = place(copy, offsets + start * 4, (length + 1) * 4)
    if (first > 0) {
      const moved = new Int32Array(copy.target.buffer, node[4], length + 1)
      for (let i = 0; i <= length; i++) moved[i] = (moved[i] as number) - first
    }
    node[5] = (ends[length] as number) - first
    node[3] = place(copy, values + first, node[5])
    return node
  }

  /** Bytes of what a column becomes, and a few for each batch. */
  function sizeOf(memory: ArrayBuffer, { column, offsets, nullCount }: Decoded, rows: number, batches: number): number {
    const bits = (rows + 7) >> 3
    const validity = nullCount > 0 ? bits : 0
    if (offsets === 0) return validity + (column.outWidth === 0 ? bits : rows * column.outWidth) + batches * 16
    const bytes = new Int32Array(memory, offsets + rows * 4, 1)[0] as number
    return validity + (rows + batches) * 4 + bytes + batches * 32
  }

  return {
    decodeFlat(bytes, columns, wanted, batchRows) {
      instance ??= new WebAssembly.Instance(module).exports as unknown as FlatExports
      const from = instance
      try {
        const decoded = decodeAll(from, bytes, columns, wanted)
        if (decoded === undefined) return undefined
        const rows = wanted.runs?.reduce((sum, number, i) => (i % 2 === 0 ? sum : sum + number), 0) ?? wanted.rows
        const { buffer } = from.memory
        const count = Math.max(1, Math.ceil(rows / batchRows))
        const size = decoded.reduce((sum, column) => sum + sizeOf(buffer, column, rows, count), 0)
        const copy: Copy = { memory: new Uint8Array(buffer), target: allocate(align(size)), next: 0 }
        const batches: { length: number; nodes: number[] }[] = []
        for (let start = 0; batches.length < count; start += batchRows) {
          const length = Math.min(batchRows, rows - start)
          batches.push({ length, nodes: decoded.flatMap((each) => nodeOf(copy, each, start, length, count === 1)) })
        }
        return { buffer: copy.target.buffer, batches }
      } catch (error) {
        instance = undefined
        if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return undefined
        throw error
      } finally {
        if (from.memory.buffer.byteLength > MOST_KEPT) instance = undefined
      }
    },
  }
}
