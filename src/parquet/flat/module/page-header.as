// The header of a page, as far as it matters (parquet.thrift, `PageHeader`).

import { advance, beginAt, byte, cursor, isBroken, stop, varint, zigzag } from './reader'

export let pageType: i32 = 0
export let pageUnpacked: i32 = 0
export let pageBytes: i32 = 0
export let pageValues: i32 = 0
export let pageEncoding: i32 = 0
export let definitionEncoding: i32 = 0
export let definitionBytes: i32 = 0
export let repetitionBytes: i32 = 0
export let isPageCompressed: bool = true

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
export function readHeader(at: usize, end: usize): usize {
  beginAt(at, end)
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
  if (depth > 16 || type == 0) stop()
  else if (type == I8) byte()
  else if (type < DOUBLE) varint()
  else if (type == DOUBLE) advance(8)
  else if (type == BYTES) advance(varint())
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
  } else stop()
}
