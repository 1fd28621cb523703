import type { ThriftFields, ThriftStruct, ThriftType, ThriftValue } from './thrift-type.js'

const CODES = { bool: 1, i8: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, struct: 12 } as const
const FALSE = 2

/** Writes a struct in Thrift's compact protocol. Fields that `fields` does not name are left out. */
export function writeThrift(value: ThriftStruct, fields: ThriftFields): Uint8Array {
  sink.clear()
  writeStruct(sink, value, fields)
  return sink.bytes()
}

function writeStruct(out: ByteSink, value: ThriftStruct, fields: ThriftFields): void {
  let last = 0
  for (const { id, name, type, code: usual } of fieldList(fields)) {
    const field = value[name]
    if (field === undefined) continue
    const code = type === 'bool' && field === false ? FALSE : usual
    const delta = id - last
    if (delta > 0 && delta < 16) out.byte((delta << 4) | code)
    else {
      out.byte(code)
      out.integer(id)
    }
    last = id
    if (type !== 'bool') writeValue(out, field, type)
  }
  out.byte(0)
}

interface ListedField {
  readonly id: number
  readonly name: `field_${number}`
  readonly type: ThriftType
  readonly code: number
}

const listed = new WeakMap<ThriftFields, readonly ListedField[]>()

/** In the order of their ids. */
function fieldList(fields: ThriftFields): readonly ListedField[] {
  let list = listed.get(fields)
  if (list === undefined) {
    list = Object.entries(fields).map(([key, type]) => {
      return { id: Number(key), name: `field_${Number(key)}`, type, code: codeOf(type) }
    })
    listed.set(fields, list)
  }
  return list
}

function writeValue(out: ByteSink, value: ThriftValue, type: ThriftType): void {
  if (typeof type === 'object') {
    if ('struct' in type) writeStruct(out, value as ThriftStruct, type.struct)
    else writeList(out, value as readonly ThriftValue[], type.list)
  } else if (type === 'bool') out.byte(value === true ? CODES.bool : FALSE)
  else if (type === 'i8') out.byte(Number(value) & 0xff)
  else if (type === 'double') out.append(new Uint8Array(Float64Array.of(value as number).buffer))
  else if (type === 'binary') {
    out.varint((value as Uint8Array).byteLength)
    out.append(value as Uint8Array)
  } else out.integer(value as number | bigint)
}

function writeList(out: ByteSink, elements: readonly ThriftValue[], type: ThriftType): void {
  const code = codeOf(type)
  if (elements.length < 15) out.byte((elements.length << 4) | code)
  else {
    out.byte(0xf0 | code)
    out.varint(elements.length)
  }
  for (const element of elements) writeValue(out, element, type)
}

function codeOf(type: ThriftType): number {
  if (typeof type === 'string') return CODES[type]
  return 'list' in type ? CODES.list : CODES.struct
}

function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
}

/** Twice as much fits into 31 bits. */
const SMALL = 1 << 30

class ByteSink {
  private buffer = new Uint8Array(1024)
  private length = 0

  byte(value: number): void {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.byteLength)
    this.buffer.set(bytes, this.length)
    this.length += bytes.byteLength
  }

  /** Less than 2^31. */
  varint(value: number): void {
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80)
    this.byte(rest)
  }

  /** An integer, zigzag encoded. Most are small numbers, which need no bigint. */
  integer(value: number | bigint): void {
    if (value >= 0 && value < SMALL) {
      this.varint(Number(value) * 2)
      return
    }
    let rest = zigzag(BigInt(value))
    for (; rest > 0x7fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80)
    this.byte(Number(rest))
  }

  clear(): void {
    this.length = 0
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length)
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.byteLength) return
    const grown = new Uint8Array(Math.max(this.buffer.byteLength * 2, this.length + more))
    grown.set(this.buffer.subarray(0, this.length))
    this.buffer = grown
  }
}

/** Structs are written in one go, one after the other. */
const sink = new ByteSink()
