import type * as ParquetWasm from 'parquet-wasm/node'
import type { uninitializedBytes } from '../runtime/uninitialized-bytes.js'

/** How the buffers of an Arrow column lie, without its logical type. */
export type ColumnLayout =
  | { readonly kind: 'null' | 'bits' | 'bytes' }
  | { readonly kind: 'fixed'; readonly width: number }
  | { readonly kind: 'list' | 'struct'; readonly children: readonly ColumnLayout[] }

/** Numbers of one node in {@link DecodedBatches}: length, null count, and the places of validity, values and offsets (-1: none), bytes of values. */
export const NODE_FIELDS = 6

/** Batches copied out of WebAssembly into one buffer, and where in it their parts are. */
export interface DecodedBatches {
  readonly buffer: ArrayBuffer
  readonly batches: readonly {
    readonly length: number
    /** {@link NODE_FIELDS} numbers a node; columns and their children in depth-first order. */
    readonly nodes: readonly number[]
  }[]
}

interface EncodeSettings {
  readonly compression: 'snappy' | 'zstd' | 'uncompressed'
  readonly rowGroupRows: number
  readonly createdBy: string
  /** Top-level columns without statistics. */
  readonly unbounded: readonly string[]
}

/** What is done inside WebAssembly. What it throws is an `Error` or a text; after a `WebAssembly.RuntimeError` the instance is spent. */
export interface ParquetKernel {
  /** The Arrow schema of a Parquet file, as an IPC stream without batches. */
  readSchema(file: Uint8Array): Uint8Array
  decode(file: Uint8Array, columns: readonly ColumnLayout[], batchRows: number): DecodedBatches
  /** A Parquet file from an IPC stream. */
  encode(ipc: Uint8Array, settings: EncodeSettings): Uint8Array
}

/**
 * Runs where it is called, and in worker threads, which get it as source text: it may refer to nothing but its arguments and globals. That way
 * workers need no file of their own, and no bundler can lose it.
 */
export function createParquetKernel(wasm: typeof ParquetWasm, allocate: typeof uninitializedBytes): ParquetKernel {
  /** A piece to copy: bytes, bits that begin inside a byte, or offsets to be counted from 0. */
  interface Piece {
    readonly from: number
    readonly to: number
    readonly bytes: number
    readonly bitShift: number
    readonly subtract: number
  }
  interface Copy {
    readonly view: DataView
    nodes: number[]
    readonly pieces: Piece[]
    size: number
  }

  function place(copy: Copy, from: number, bytes: number, bitShift = 0, subtract = 0): number {
    const to = copy.size
    copy.pieces.push({ from, to, bytes, bitShift, subtract })
    copy.size = (to + bytes + 7) & ~7
    return to
  }

  function placeBits(copy: Copy, pointer: number, start: number, length: number): number {
    return place(copy, pointer + (start >> 3), (length + 7) >> 3, start & 7)
  }

  /** Walks an ArrowArray of the C data interface: rows `start` to `start + length`, counted from its own offset. */
  function collect(copy: Copy, array: number, layout: ColumnLayout, from: number, length: number): void {
    const { view } = copy
    const whole = from === 0 && length === Number(view.getBigInt64(array, true))
    const nullCount = whole ? Number(view.getBigInt64(array + 8, true)) : -1
    const start = Number(view.getBigInt64(array + 16, true)) + from
    const buffers = view.getUint32(array + 40, true)
    const children = view.getUint32(array + 44, true)
    const bufferAt = (index: number): number => view.getUint32(buffers + index * 4, true)
    const node = [length, nullCount, -1, -1, -1, 0]
    copy.nodes.push(...node)
    const at = copy.nodes.length - node.length
    if (layout.kind === 'null') return
    const validity = bufferAt(0)
    if (validity !== 0 && nullCount !== 0) copy.nodes[at + 2] = placeBits(copy, validity, start, length)
    else copy.nodes[at + 1] = 0
    if (layout.kind === 'bits') copy.nodes[at + 3] = placeBits(copy, bufferAt(1), start, length)
    if (layout.kind === 'fixed') {
      copy.nodes[at + 5] = length * layout.width
      copy.nodes[at + 3] = place(copy, bufferAt(1) + start * layout.width, length * layout.width)
    }
    if (layout.kind === 'struct') {
      layout.children.forEach((child, i) => {
        collect(copy, view.getUint32(children + i * 4, true), child, start, length)
      })
    }
    if (layout.kind !== 'bytes' && layout.kind !== 'list') return
    const offsets = bufferAt(1) + start * 4
    const first = length === 0 ? 0 : view.getInt32(offsets, true)
    const count = length === 0 ? 0 : view.getInt32(offsets + length * 4, true) - first
    if (length > 0) copy.nodes[at + 4] = place(copy, offsets, (length + 1) * 4, 0, first)
    if (layout.kind === 'list') {
      collect(copy, view.getUint32(children, true), layout.children[0] as ColumnLayout, first, count)
    } else {
      copy.nodes[at + 5] = count
      copy.nodes[at + 3] = place(copy, bufferAt(2) + first, count)
    }
  }

  function execute(copy: Copy, memory: Uint8Array, target: Uint8Array): void {
    for (const { from, to, bytes, bitShift, subtract } of copy.pieces) {
      if (bitShift === 0) target.set(memory.subarray(from, from + bytes), to)
      else {
        for (let i = 0; i < bytes; i++) {
          target[to + i] =
            ((memory[from + i] as number) >> bitShift) | ((memory[from + i + 1] as number) << (8 - bitShift))
        }
      }
      target.fill(0, to + bytes, (to + bytes + 7) & ~7)
      if (subtract !== 0) {
        const offsets = new Int32Array(target.buffer, to, bytes >> 2)
        for (let i = 0; i < offsets.length; i++) offsets[i] = (offsets[i] as number) - subtract
      }
    }
  }

  /** All batches go into one buffer, to be handed over in one piece. */
  function copyOut(batches: readonly ParquetWasm.RecordBatch[], columns: readonly ColumnLayout[]): DecodedBatches {
    const exported = batches.map((batch) => ({ length: batch.numRows, ffi: batch.intoFFI() }))
    try {
      const memory = wasm.wasmMemory().buffer
      const copy: Copy = { view: new DataView(memory), nodes: [], pieces: [], size: 0 }
      const described = exported.map(({ length, ffi }) => {
        const children = copy.view.getUint32(ffi.arrayAddr() + 44, true)
        copy.nodes = []
        columns.forEach((layout, i) => {
          collect(copy, copy.view.getUint32(children + i * 4, true), layout, 0, length)
        })
        return { length, nodes: copy.nodes }
      })
      const target = allocate(copy.size)
      execute(copy, new Uint8Array(memory), target)
      return { buffer: target.buffer, batches: described }
    } finally {
      for (const { ffi } of exported) ffi.free()
    }
  }

  return {
    readSchema(file) {
      return wasm.readSchema(file).intoIPCStream()
    },
    decode(file, columns, batchRows) {
      const table = wasm.readParquet(file, { batchSize: batchRows })
      const batches = table.recordBatches()
      table.free()
      return copyOut(batches, columns)
    },
    encode(ipc, { compression, rowGroupRows, createdBy, unbounded }) {
      const codecs = {
        snappy: wasm.Compression.SNAPPY,
        zstd: wasm.Compression.ZSTD,
        uncompressed: wasm.Compression.UNCOMPRESSED,
      }
      let properties = new wasm.WriterPropertiesBuilder()
        .setCompression(codecs[compression])
        .setMaxRowGroupSize(rowGroupRows)
        .setCreatedBy(createdBy)
      for (const name of unbounded) {
        properties = properties.setColumnStatisticsEnabled(name, wasm.EnabledStatistics.None)
      }
      return wasm.writeParquet(wasm.Table.fromIPCStream(ipc), properties.build())
    },
  }
}
