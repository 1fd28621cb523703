// AssemblyScript, not TypeScript: `npm run kernel` makes ../kernel-bytes.ts of this folder. It decodes one column chunk of a Parquet file (parquet-format, "Data Pages" and "Encodings") into Arrow's buffers: a column that is in no
// list and no struct, of PLAIN or dictionary pages of either version, plain or in Snappy. What is damaged, or not known here, makes `decode` answer false.

import { clearBits, hasBit, moveBits, setBit } from './bits'
import { readHybrid, readLevels } from './hybrid'
import { allocate, endLast } from './memory'
import {
  definitionBytes,
  definitionEncoding,
  isPageCompressed,
  pageBytes,
  pageEncoding,
  pageType,
  pageUnpacked,
  pageValues,
  readHeader,
  repetitionBytes,
} from './page-header'
import { unpackSnappy } from './snappy'
import { areTexts } from './text'

export { allocate, reset } from './memory'

/** How the values of a column become those of Arrow, as `FlatKind` has it. */
const BOOLEAN: i32 = 0
const SAME: i32 = 1
const INT8: i32 = 2
const INT16: i32 = 3
const DECIMAL_OF_INT32: i32 = 4
const DECIMAL_OF_INT64: i32 = 5
const DECIMAL_OF_BYTES: i32 = 6
const BINARY: i32 = 7
const TEXT: i32 = 8

// `Encoding` and `PageType` of parquet.thrift.
const PLAIN: i32 = 0
const PLAIN_DICTIONARY: i32 = 2
const RLE: i32 = 3
const RLE_DICTIONARY: i32 = 8
const DATA_PAGE: i32 = 0
const DICTIONARY_PAGE: i32 = 2
const DATA_PAGE_V2: i32 = 3

// What `decode` found, besides the regions that it allocated.
export let validity: usize = 0
export let values: usize = 0
/** Of binaries and texts: where each begins, and the last ends. */
export let offsets: usize = 0
/** Bytes of the values. */
export let valueBytes: usize = 0
export let nullCount: i32 = 0

// Of the column that is decoded.
let kind: i32 = 0
/** Bytes of a value in the file, and in Arrow. */
let width: usize = 0
let outWidth: usize = 0
let dictionary: usize = 0
let dictionarySize: u32 = 0
let indices: usize = 0
let rows: u32 = 0

/** Bytes of the values in Arrow; 0 where they are bits, or differ. */
function widthOf(kind: i32, width: usize): usize {
  if (kind == SAME) return width
  if (kind == INT8) return 1
  if (kind == INT16) return 2
  return kind >= DECIMAL_OF_INT32 && kind <= DECIMAL_OF_BYTES ? 16 : 0
}

/**
 * Decodes a chunk.
 *
 * @param input where its bytes are, of so many
 * @param unpacked bytes of the chunk without compression, at most
 * @param count values of the chunk, nulls included
 */
export function decode(
  input: usize,
  inputBytes: usize,
  isPacked: bool,
  unpacked: usize,
  count: u32,
  columnKind: i32,
  columnWidth: usize,
  isNullable: bool,
): bool {
  kind = columnKind
  width = columnWidth
  outWidth = widthOf(kind, width)
  rows = count
  dictionary = 0
  dictionarySize = 0
  indices = 0
  nullCount = 0
  valueBytes = 0
  const isVarying = kind >= BINARY
  validity = isNullable ? allocate((<usize>count + 7) >> 3) : 0
  if (isNullable) memory.fill(validity, 0, (<usize>count + 7) >> 3)
  offsets = isVarying ? allocate((<usize>count + 1) << 2) : 0
  if (isVarying) store<i32>(offsets, 0)
  const scratch = isPacked ? allocate(unpacked) : 0
  const fixedBytes = kind == BOOLEAN ? (<usize>count + 7) >> 3 : <usize>count * outWidth
  values = isVarying ? 0 : allocate(fixedBytes)
  if (kind == BOOLEAN) memory.fill(values, 0, fixedBytes)
  valueBytes = isVarying ? 0 : fixedBytes
  const end = input + inputBytes
  let at = input
  let row: u32 = 0
  while (row < count || at < end) {
    const body = readHeader(at, end)
    if (body == 0 || pageBytes < 0 || <usize>pageBytes > end - body || pageUnpacked < 0) return false
    const bodyEnd = body + <usize>pageBytes
    at = bodyEnd
    if (pageType == DICTIONARY_PAGE) {
      if (dictionary != 0 || !readDictionary(body, bodyEnd, isPacked)) return false
      continue
    }
    if (pageType != DATA_PAGE && pageType != DATA_PAGE_V2) continue
    if (pageValues < 0 || <u32>pageValues > count - row) return false
    let from = body
    let to = bodyEnd
    let levels: usize = 0
    let levelBytes: usize = 0
    if (pageType == DATA_PAGE_V2) {
      if (repetitionBytes != 0 || definitionBytes < 0 || <usize>definitionBytes > bodyEnd - body) return false
      levels = body
      levelBytes = <usize>definitionBytes
      from = body + levelBytes
      if (isPacked && isPageCompressed && bodyEnd > from) {
        const size = <usize>pageUnpacked - levelBytes
        if (<usize>pageUnpacked < levelBytes || size > unpacked || !unpackSnappy(from, bodyEnd, scratch, size)) return false
        from = scratch
        to = scratch + size
      }
    } else {
      if (isPacked) {
        const size = <usize>pageUnpacked
        if (size > unpacked || !unpackSnappy(body, bodyEnd, scratch, size)) return false
        from = scratch
        to = scratch + size
      }
      if (isNullable) {
        if (definitionEncoding != RLE || to - from < 4) return false
        levelBytes = <usize>load<u32>(from)
        levels = from + 4
        if (levelBytes > to - levels) return false
        from = levels + levelBytes
      }
    }
    let present = <u32>pageValues
    if (isNullable) {
      const found = readLevels(levels, levels + levelBytes, validity, row, <u32>pageValues)
      if (found < 0) return false
      present = <u32>found
    }
    if (!readValues(from, to, row, present)) return false
    if (present < <u32>pageValues) {
      nullCount += pageValues - <i32>present
      spread(row, <u32>pageValues, present)
    }
    row += <u32>pageValues
  }
  return row == count && (kind != TEXT || areTexts(values, offsets, count))
}

/** The values of a page that are there, to stand from a row on without a gap. */
function readValues(from: usize, end: usize, row: u32, present: u32): bool {
  if (kind == BOOLEAN) return readBooleans(from, end, row, present)
  if (pageEncoding == PLAIN) {
    return kind >= BINARY ? plainBytes(from, end, row, present) : plainFixed(from, end, values + <usize>row * outWidth, present)
  }
  if (pageEncoding != PLAIN_DICTIONARY && pageEncoding != RLE_DICTIONARY) return false
  if (present == 0) {
    if (kind >= BINARY) store<i32>(offsets + (<usize>row << 2), <i32>valueBytes)
    return true
  }
  if (dictionary == 0 || from >= end) return false
  if (indices == 0) {
    // Regions of values that grow stand last.
    if (kind >= BINARY && values != 0) return false
    indices = allocate(<usize>rows << 2)
  }
  const bits = <u32>load<u8>(from)
  if (bits > 32 || !readHybrid(from + 1, end, bits, indices, present, dictionarySize)) return false
  if (kind >= BINARY) return gatherBytes(row, present)
  const out = values + <usize>row * outWidth
  if (outWidth == 4) {
    for (let i: usize = 0; i < <usize>present; i++) store<u32>(out + (i << 2), load<u32>(dictionary + (indexAt(i) << 2)))
  } else if (outWidth == 8) {
    for (let i: usize = 0; i < <usize>present; i++) store<u64>(out + (i << 3), load<u64>(dictionary + (indexAt(i) << 3)))
  } else if (outWidth == 16) {
    for (let i: usize = 0; i < <usize>present; i++) v128.store(out + (i << 4), v128.load(dictionary + (indexAt(i) << 4)))
  } else if (outWidth == 2) {
    for (let i: usize = 0; i < <usize>present; i++) store<u16>(out + (i << 1), load<u16>(dictionary + (indexAt(i) << 1)))
  } else {
    for (let i: usize = 0; i < <usize>present; i++) store<u8>(out + i, load<u8>(dictionary + indexAt(i)))
  }
  return true
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function indexAt(i: usize): usize {
  return <usize>load<u32>(indices + (i << 2))
}

function readBooleans(from: usize, end: usize, row: u32, present: u32): bool {
  let bits = from
  if (pageEncoding == RLE) {
    if (present == 0) return true
    if (end - from < 4 || <usize>load<u32>(from) > end - from - 4) return false
    if (indices == 0) indices = allocate(<usize>rows << 2)
    if (!readHybrid(from + 4, from + 4 + <usize>load<u32>(from), 1, indices, present, 2)) return false
    for (let i: u32 = 0; i < present; i++) if (indexAt(i) == 1) setBit(values, row + i)
    return true
  }
  if (pageEncoding != PLAIN || (<usize>present + 7) >> 3 > end - bits) return false
  if ((row & 7) == 0) {
    memory.copy(values + (row >> 3), bits, (<usize>present + 7) >> 3)
    // Bits behind the last value.
    if ((present & 7) != 0) {
      const last = values + ((row + present) >> 3)
      store<u8>(last, <u32>load<u8>(last) & ((1 << (present & 7)) - 1))
    }
  } else for (let i: u32 = 0; i < present; i++) if (hasBit(bits, i)) setBit(values, row + i)
  return true
}

/** Values of a width as PLAIN has them, as Arrow has them. */
function plainFixed(from: usize, end: usize, out: usize, count: u32): bool {
  const n = <usize>count
  if (<u64>n * <u64>width > <u64>(end - from)) return false
  if (kind == SAME) memory.copy(out, from, n * width)
  else if (kind == INT8) for (let i: usize = 0; i < n; i++) store<u8>(out + i, load<u8>(from + (i << 2)))
  else if (kind == INT16) for (let i: usize = 0; i < n; i++) store<u16>(out + (i << 1), load<u16>(from + (i << 2)))
  else if (kind == DECIMAL_OF_INT32) {
    for (let i: usize = 0; i < n; i++) storeDecimal(out + (i << 4), <i64>load<i32>(from + (i << 2)))
  } else if (kind == DECIMAL_OF_INT64) {
    for (let i: usize = 0; i < n; i++) storeDecimal(out + (i << 4), load<i64>(from + (i << 3)))
  } else {
    for (let i: usize = 0; i < n; i++) {
      const value = from + i * width
      const to = out + (i << 4)
      // The highest byte comes first, and has the sign.
      const sign: u8 = load<u8>(value) >= 0x80 ? 0xff : 0
      for (let k: usize = 0; k < 16; k++) store<u8>(to + k, k < width ? load<u8>(value + width - 1 - k) : sign)
    }
  }
  return true
}

function storeDecimal(to: usize, value: i64): void {
  store<i64>(to, value)
  store<i64>(to, value >> 63, 8)
}

/** Makes room for values of so many bytes more: theirs is the last region from their first on. */
function growValues(bytes: usize): bool {
  if (values == 0) values = allocate(0)
  if (<u64>valueBytes + <u64>bytes > 0x7fffffff) return false
  endLast(values + valueBytes + bytes)
  return true
}

function plainBytes(from: usize, end: usize, row: u32, count: u32): bool {
  if (dictionary != 0 && indices == 0) indices = allocate(<usize>rows << 2)
  if (!growValues(end - from)) return false
  let at = from
  let next = values + valueBytes
  let place = offsets + (<usize>row << 2)
  for (let i: u32 = 0; i < count; i++) {
    if (end - at < 4) return false
    const length = <usize>load<u32>(at)
    at += 4
    if (length > end - at) return false
    store<i32>(place, <i32>(next - values))
    place += 4
    v128.store(next, v128.load(at))
    if (length > 16) {
      v128.store(next, v128.load(at, 16), 16)
      if (length > 32) memory.copy(next + 32, at + 32, length - 32)
    }
    at += length
    next += length
  }
  valueBytes = next - values
  store<i32>(place, <i32>valueBytes)
  endLast(next)
  return true
}

function gatherBytes(row: u32, count: u32): bool {
  let bytes: u64 = 0
  for (let i: usize = 0; i < <usize>count; i++) bytes += <u64>load<u32>(dictionary + (indexAt(i) << 3), 4)
  if (bytes > 0x7fffffff || !growValues(<usize>bytes)) return false
  let next = values + valueBytes
  let place = offsets + (<usize>row << 2)
  for (let i: usize = 0; i < <usize>count; i++) {
    const entry = dictionary + (indexAt(i) << 3)
    const value = <usize>load<u32>(entry)
    const length = <usize>load<u32>(entry, 4)
    store<i32>(place, <i32>(next - values))
    place += 4
    v128.store(next, v128.load(value))
    if (length > 16) {
      v128.store(next, v128.load(value, 16), 16)
      if (length > 32) memory.copy(next + 32, value + 32, length - 32)
    }
    next += length
  }
  valueBytes = next - values
  store<i32>(place, <i32>valueBytes)
  return true
}

/** The dictionary as values of Arrow; of bytes, as their places and lengths. */
function readDictionary(body: usize, bodyEnd: usize, isPacked: bool): bool {
  if (pageValues < 0 || (pageEncoding != PLAIN && pageEncoding != PLAIN_DICTIONARY) || kind == BOOLEAN) return false
  // Values that are there already stand last.
  if (kind >= BINARY && values != 0) return false
  let from = body
  let end = bodyEnd
  if (isPacked) {
    const bytes = <usize>pageUnpacked
    // No byte of Snappy makes more than this of it.
    if (<u64>bytes > (<u64>(bodyEnd - body) << 6)) return false
    from = allocate(bytes)
    end = from + bytes
    if (!unpackSnappy(body, bodyEnd, from, bytes)) return false
  }
  const n = <usize>pageValues
  if (kind < BINARY) {
    if (<u64>n * <u64>width > <u64>(end - from)) return false
    dictionary = allocate(n * outWidth)
    dictionarySize = <u32>n
    return plainFixed(from, end, dictionary, <u32>n)
  }
  if (<u64>n * 4 > <u64>(end - from)) return false
  dictionary = allocate(n << 3)
  dictionarySize = <u32>n
  let at = from
  for (let i: usize = 0; i < n; i++) {
    if (end - at < 4) return false
    const length = <usize>load<u32>(at)
    at += 4
    if (length > end - at) return false
    store<u32>(dictionary + (i << 3), <u32>at)
    store<u32>(dictionary + (i << 3), <u32>length, 4)
    at += length
  }
  return true
}

/** Brings the values of a page, which stand without a gap, to their rows. */
function spread(row: u32, count: u32, present: u32): void {
  let next = present
  if (kind == BOOLEAN) {
    for (let i = count; i-- > 0; ) {
      const isSet = hasBit(validity, row + i) && hasBit(values, row + --next)
      const place = values + ((row + i) >> 3)
      const bit: u32 = 1 << ((row + i) & 7)
      store<u8>(place, isSet ? <u32>load<u8>(place) | bit : <u32>load<u8>(place) & ~bit)
    }
    return
  }
  if (kind >= BINARY) {
    const starts = offsets + (<usize>row << 2)
    store<i32>(starts + (<usize>count << 2), <i32>valueBytes)
    for (let i = count; i-- > 0; ) {
      if (hasBit(validity, row + i)) next--
      store<i32>(starts + (<usize>i << 2), next == present ? <i32>valueBytes : load<i32>(starts + (<usize>next << 2)))
    }
    return
  }
  const base = values + <usize>row * outWidth
  for (let i = count; i-- > 0; ) {
    const to = base + <usize>i * outWidth
    if (hasBit(validity, row + i)) {
      next--
      const from = base + <usize>next * outWidth
      if (outWidth == 16) v128.store(to, v128.load(from))
      else if (outWidth == 8) store<u64>(to, load<u64>(from))
      else if (outWidth == 4) store<u32>(to, load<u32>(from))
      else if (outWidth == 2) store<u16>(to, load<u16>(from))
      else store<u8>(to, load<u8>(from))
    } else memory.fill(to, 0, outWidth)
  }
}

/**
 * Leaves of the column that was decoded the rows of some runs: in order, none over another.
 *
 * @param runs the first row and the number of rows of each, 32 bits each
 */
export function keep(runs: usize, count: u32): void {
  let next: u32 = 0
  let bytes: usize = 0
  for (let i: usize = 0; i < <usize>count; i++) {
    const start = load<u32>(runs + (i << 3))
    const length = load<u32>(runs + (i << 3), 4)
    if (nullCount > 0) moveBits(validity, start, next, length)
    if (kind == BOOLEAN) moveBits(values, start, next, length)
    else if (kind < BINARY) {
      memory.copy(values + <usize>next * outWidth, values + <usize>start * outWidth, <usize>length * outWidth)
    } else {
      const from = offsets + (<usize>start << 2)
      const to = offsets + (<usize>next << 2)
      const first = <usize>load<u32>(from)
      const size = <usize>load<u32>(from + (<usize>length << 2)) - first
      memory.copy(values + bytes, values + first, size)
      const shift = <u32>(first - bytes)
      for (let k: usize = 0; k < <usize>length; k++) store<u32>(to + (k << 2), load<u32>(from + (k << 2)) - shift)
      bytes += size
    }
    next += length
  }
  if (kind == BOOLEAN) clearBits(values, next)
  if (kind >= BINARY) {
    store<u32>(offsets + (<usize>next << 2), <u32>bytes)
    valueBytes = bytes
  }
  if (nullCount == 0) return
  clearBits(validity, next)
  nullCount = <i32>next
  for (let i: usize = 0; i < (<usize>next + 7) >> 3; i++) nullCount -= popcnt<i32>(<i32>load<u8>(validity + i))
}
