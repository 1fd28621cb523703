// AssemblyScript, not TypeScript: `npm run kernel` makes kernel-bytes.ts of it. It decodes one column chunk of a Parquet file (parquet-format, "Data Pages" and "Encodings") into Arrow's buffers: a column that is in no
// list and no struct, of PLAIN or dictionary pages of either version, plain or in Snappy. What is damaged, or not known here, makes `decode` answer false.

/** Bytes behind every region: values are moved sixteen at a time, and may be read and written beyond their end. */
const SLACK: usize = 64

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

let top: usize = __heap_base

/** Forgets all regions. */
export function reset(): void {
  top = __heap_base
}

/** A region of so many bytes. It stays where it is when others are made. */
export function allocate(size: usize): usize {
  const at = (top + 15) & ~15
  grow(at + size + SLACK)
  top = at + size + SLACK
  return at
}

function grow(end: usize): void {
  const missing = <isize>end - <isize>(<usize>memory.size() << 16)
  if (missing > 0 && memory.grow(<i32>((missing + 0xffff) >> 16)) < 0) unreachable()
}

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
      const found = readLevels(levels, levels + levelBytes, row, <u32>pageValues)
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
  return row == count && (kind != TEXT || areTexts())
}

// The header of a page, as far as it matters.
let pageType: i32 = 0
let pageUnpacked: i32 = 0
let pageBytes: i32 = 0
let pageValues: i32 = 0
let pageEncoding: i32 = 0
let definitionEncoding: i32 = 0
let definitionBytes: i32 = 0
let repetitionBytes: i32 = 0
let isPageCompressed: bool = true

let cursor: usize = 0
let limit: usize = 0
let isBroken: bool = false

function byte(): u32 {
  if (cursor >= limit) {
    isBroken = true
    return 0
  }
  return <u32>load<u8>(cursor++)
}

function varint(): u64 {
  let value: u64 = 0
  for (let shift: u64 = 0; shift < 64; shift += 7) {
    const part = <u64>byte()
    value |= (part & 0x7f) << shift
    if (part < 0x80) return value
  }
  isBroken = true
  return 0
}

function zigzag(): i32 {
  const value = varint()
  return <i32>((value >> 1) ^ (0 - (value & 1)))
}

// Types of Thrift's compact protocol.
const TRUE: u32 = 1
const FALSE: u32 = 2
const I8: u32 = 3
const I64: u32 = 6
const DOUBLE: u32 = 7
const BYTES: u32 = 8
const LIST: u32 = 9
const SET: u32 = 10
const STRUCT: u32 = 12

/** Answers where the page begins, 0 where the header is none. */
function readHeader(at: usize, end: usize): usize {
  cursor = at
  limit = end
  isBroken = false
  pageType = -1
  pageUnpacked = -1
  pageBytes = -1
  pageValues = -1
  pageEncoding = -1
  definitionEncoding = -1
  definitionBytes = 0
  repetitionBytes = 0
  isPageCompressed = true
  let field: i32 = 0
  while (!isBroken) {
    const head = byte()
    if (head == 0) break
    field = (head >> 4) == 0 ? zigzag() : field + <i32>(head >> 4)
    const type = head & 15
    if (field == 1) pageType = zigzag()
    else if (field == 2) pageUnpacked = zigzag()
    else if (field == 3) pageBytes = zigzag()
    else if (type == STRUCT && (field == 5 || field == 7 || field == 8)) readKind(field)
    else skip(type, 0)
  }
  return isBroken ? 0 : cursor
}

/** DataPageHeader, DictionaryPageHeader or DataPageHeaderV2. */
function readKind(kind: i32): void {
  let field: i32 = 0
  while (!isBroken) {
    const head = byte()
    if (head == 0) return
    field = (head >> 4) == 0 ? zigzag() : field + <i32>(head >> 4)
    const type = head & 15
    if (type == TRUE || type == FALSE) {
      if (kind == 8 && field == 7) isPageCompressed = type == TRUE
    } else if (type < I8 || type > I64) skip(type, 0)
    else if (type == I8) byte()
    else {
      const value = zigzag()
      if (field == 1) pageValues = value
      else if (kind == 8) {
        if (field == 4) pageEncoding = value
        else if (field == 5) definitionBytes = value
        else if (field == 6) repetitionBytes = value
      } else if (field == 2) pageEncoding = value
      else if (kind == 5 && field == 3) definitionEncoding = value
    }
  }
}

function skip(type: u32, depth: u32): void {
  if (isBroken || type == TRUE || type == FALSE) return
  if (depth > 16 || type == 0) isBroken = true
  else if (type == I8) byte()
  else if (type < DOUBLE) varint()
  else if (type == DOUBLE) cursor += 8
  else if (type == BYTES) {
    const size = varint()
    if (isBroken || size > <u64>(limit - cursor)) isBroken = true
    else cursor += <usize>size
  }
  else if (type == LIST || type == SET) {
    const head = byte()
    const size = (head >> 4) == 15 ? varint() : <u64>(head >> 4)
    for (let i: u64 = 0; i < size && !isBroken; i++) {
      // Booleans of lists take a byte each.
      if ((head & 15) == TRUE || (head & 15) == FALSE) byte()
      else skip(head & 15, depth + 1)
    }
  } else if (type == STRUCT) {
    while (!isBroken) {
      const head = byte()
      if (head == 0) return
      if ((head >> 4) == 0) zigzag()
      skip(head & 15, depth + 1)
    }
  } else isBroken = true
  if (cursor > limit) isBroken = true
}

/** Raw Snappy (google/snappy, "format_description"). Writes up to 64 bytes behind the end. */
function unpackSnappy(from: usize, end: usize, out: usize, outBytes: usize): bool {
  cursor = from
  limit = end
  isBroken = false
  if (varint() != <u64>outBytes || isBroken) return false
  let at = cursor
  let next = out
  const outEnd = out + outBytes
  while (at < end) {
    const tag = <usize>load<u8>(at++)
    let length = (tag >> 2) + 1
    if ((tag & 3) == 0) {
      if (length > 60) {
        const bytes = length - 60
        if (bytes > end - at) return false
        length = 0
        for (let i: usize = 0; i < bytes; i++) length |= <usize>load<u8>(at + i) << (i << 3)
        at += bytes
        length++
        if (length == 0) return false
      }
      if (length > end - at || length > outEnd - next) return false
      if (length <= 16) v128.store(next, v128.load(at))
      else if (length <= 64) copy64(at, next)
      else memory.copy(next, at, length)
      at += length
      next += length
      continue
    }
    let distance: usize = 0
    if ((tag & 3) == 1) {
      if (at >= end) return false
      length = ((tag >> 2) & 7) + 4
      distance = ((tag >> 5) << 8) | <usize>load<u8>(at)
      at += 1
    } else if ((tag & 3) == 2) {
      if (end - at < 2) return false
      distance = <usize>load<u16>(at)
      at += 2
    } else {
      if (end - at < 4) return false
      distance = <usize>load<u32>(at)
      at += 4
    }
    if (distance == 0 || distance > next - out || length > outEnd - next) return false
    const source = next - distance
    if (distance >= 16) {
      v128.store(next, v128.load(source))
      if (length > 16) {
        v128.store(next, v128.load(source, 16), 16)
        if (length > 32) {
          v128.store(next, v128.load(source, 32), 32)
          v128.store(next, v128.load(source, 48), 48)
        }
      }
    } else if (distance >= 8) {
      for (let i: usize = 0; i < length; i += 8) store<u64>(next + i, load<u64>(source + i))
    } else {
      for (let i: usize = 0; i < length; i++) store<u8>(next + i, load<u8>(source + i))
    }
    next += length
  }
  return next == outEnd
}

function copy64(from: usize, to: usize): void {
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
  v128.store(to, v128.load(from, 32), 32)
  v128.store(to, v128.load(from, 48), 48)
}

/** Levels of 0 and 1 into the bits of the validity. Answers how many are 1, -1 where they are damaged. */
function readLevels(from: usize, end: usize, row: u32, count: u32): i32 {
  cursor = from
  limit = end
  isBroken = false
  let seen: u32 = 0
  let present: u32 = 0
  while (seen < count) {
    const header = varint()
    if (isBroken) return -1
    if ((header & 1) == 0) {
      const run = <u32>min(header >> 1, <u64>(count - seen))
      const level = byte()
      if (isBroken || run == 0 || level > 1) return -1
      if (level == 1) {
        setBits(row + seen, run)
        present += run
      }
      seen += run
    } else {
      const groups = header >> 1
      const run = <u32>min(groups << 3, <u64>(count - seen))
      const bytes = (<usize>run + 7) >> 3
      if (run == 0 || bytes > limit - cursor) return -1
      for (let i: u32 = 0; i < run; i++) {
        const bit = (<u32>load<u8>(cursor + (i >> 3)) >> (i & 7)) & 1
        const place = row + seen + i
        const at = validity + (place >> 3)
        store<u8>(at, <u32>load<u8>(at) | (bit << (place & 7)))
        present += bit
      }
      seen += run
      if (groups > <u64>(limit - cursor)) {
        // The last group may lack what it does not need.
        cursor = limit
      } else cursor += <usize>groups
    }
  }
  return <i32>present
}

function setBits(from: u32, count: u32): void {
  let at = from
  const end = from + count
  for (; at < end && (at & 7) != 0; at++) setBit(validity, at)
  const bytes = (end - at) >> 3
  memory.fill(validity + (at >> 3), 0xff, bytes)
  at += bytes << 3
  for (; at < end; at++) setBit(validity, at)
}

function setBit(bits: usize, at: u32): void {
  const place = bits + (at >> 3)
  store<u8>(place, <u32>load<u8>(place) | (1 << (at & 7)))
}

function hasBit(bits: usize, at: u32): bool {
  return ((<u32>load<u8>(bits + (at >> 3)) >> (at & 7)) & 1) == 1
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
  if (bits > 32 || !readHybrid(from + 1, end, bits, present)) return false
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

/** Positions in the dictionary into `indices`, all of them in it (parquet-format, "Run Length Encoding / Bit-Packing Hybrid"). */
function readHybrid(from: usize, end: usize, bits: u32, count: u32): bool {
  cursor = from
  limit = end
  isBroken = false
  let seen: u32 = 0
  let greatest: u32 = 0
  const mask = (<u64>1 << <u64>bits) - 1
  while (seen < count) {
    const header = varint()
    if (isBroken) return false
    if ((header & 1) == 0) {
      const run = <u32>min(header >> 1, <u64>(count - seen))
      if (run == 0) return false
      let value: u32 = 0
      for (let shift: u32 = 0; shift < bits; shift += 8) value |= byte() << shift
      if (isBroken) return false
      greatest = max(greatest, value)
      const stop = seen + run
      for (; seen < stop; seen++) store<u32>(indices + (<usize>seen << 2), value)
    } else {
      const groups = header >> 1
      const run = <u32>min(groups << 3, <u64>(count - seen))
      if (run == 0 || (<u64>run * <u64>bits + 7) >> 3 > <u64>(limit - cursor)) return false
      const stop = seen + run
      let place: usize = 0
      for (; seen < stop; seen++) {
        const value = <u32>((load<u64>(cursor + (place >> 3)) >> <u64>(place & 7)) & mask)
        store<u32>(indices + (<usize>seen << 2), value)
        greatest = max(greatest, value)
        place += <usize>bits
      }
      // The last group may lack what it does not need.
      cursor = groups * <u64>bits > <u64>(limit - cursor) ? limit : cursor + <usize>(groups * <u64>bits)
    }
  }
  return greatest < dictionarySize
}

function readBooleans(from: usize, end: usize, row: u32, present: u32): bool {
  let bits = from
  if (pageEncoding == RLE) {
    if (present == 0) return true
    if (end - from < 4 || <usize>load<u32>(from) > end - from - 4) return false
    if (indices == 0) indices = allocate(<usize>rows << 2)
    dictionarySize = 2
    if (!readHybrid(from + 4, from + 4 + <usize>load<u32>(from), 1, present)) return false
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
  grow(values + valueBytes + bytes + SLACK)
  top = values + valueBytes + bytes + SLACK
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
  top = next + SLACK
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

/** Whether each value is well-formed UTF-8. */
function areTexts(): bool {
  const end = values + valueBytes
  let seen = i8x16.splat(0)
  let at = values
  for (; at + 16 <= end; at += 16) seen = v128.or(seen, v128.load(at))
  let high: u32 = i8x16.bitmask(seen)
  for (; at < end; at++) high |= <u32>load<u8>(at) & 0x80
  if (high == 0) return true
  for (let i: usize = 0; i < <usize>rows; i++) {
    const start = <usize>load<u32>(offsets + (i << 2))
    if (!isText(values + start, values + <usize>load<u32>(offsets + (i << 2), 4))) return false
  }
  return true
}

/** The Unicode Standard, table 3-7. */
function isText(from: usize, end: usize): bool {
  let at = from
  while (at < end) {
    const first = <u32>load<u8>(at)
    if (first < 0x80) {
      at++
      continue
    }
    const size: usize = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    if (first < 0xc2 || first > 0xf4 || size > end - at) return false
    const second = <u32>load<u8>(at + 1)
    const least: u32 = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80
    const most: u32 = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf
    if (second < least || second > most) return false
    for (let i: usize = 2; i < size; i++) if ((<u32>load<u8>(at + i) & 0xc0) != 0x80) return false
    at += size
  }
  return true
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

/** Towards the beginning. */
function moveBits(bits: usize, from: u32, to: u32, count: u32): void {
  if (from == to) return
  for (let i: u32 = 0; i < count; i++) {
    const place = bits + ((to + i) >> 3)
    const bit: u32 = 1 << ((to + i) & 7)
    store<u8>(place, hasBit(bits, from + i) ? <u32>load<u8>(place) | bit : <u32>load<u8>(place) & ~bit)
  }
}

/** The rest of the byte that a bit would be in. */
function clearBits(bits: usize, from: u32): void {
  if ((from & 7) == 0) return
  const place = bits + (from >> 3)
  store<u8>(place, <u32>load<u8>(place) & ((1 << (from & 7)) - 1))
}
