import type { ThriftFields, ThriftStruct, ThriftType, ThriftValue } from './thrift-type.js'

const CODES = { bool: 1, i8: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, struct: 12 } as const
const FALSE = 2

/** Writes a struct in Thrift's compact protocol. Fields that `fields` does not name are left out. */
export function writeThrift(value: ThriftStruct, fields: ThriftFields): Uint8Array {
  const out = new ByteSink()
  writeStruct(out, value, fields)
  return out.bytes()
}

function writeStruct(out: ByteSink, value: ThriftStruct, fields: ThriftFields): void {
  let last = 0
  for (const [key, type] of Object.entries(fields)) {
    const id = Number(key)
    const field = value[`field_${id}`]
    if (field === undefined) continue
    const code = type === 'bool' && field === false ? FALSE : codeOf(type)
    const delta = id - last
    if (delta > 0 && delta < 16) out.byte((delta << 4) | code)
    else {
      out.byte(code)
      out.varint(zigzag(BigInt(id)))
    }
    last = id
    if (type !== 'bool') writeValue(out, field, type)
  }
  out.byte(0)
}

function writeValue(out: ByteSink, value: ThriftValue, type: ThriftType): void {
  if (typeof type === 'object') {
    if ('struct' in type) writeStruct(out, value as ThriftStruct, type.struct)
    else writeList(out, value as readonly ThriftValue[], type.list)
  } else if (type === 'bool') out.byte(value === true ? CODES.bool : FALSE)
  else if (type === 'i8') out.byte(Number(value) & 0xff)
  else if (type === 'double') out.append(new Uint8Array(Float64Array.of(value as number).buffer))
  else if (type === 'binary') {
    out.varint(BigInt((value as Uint8Array).byteLength))
    out.append(value as Uint8Array)
  } else out.varint(zigzag(BigInt(value as number | bigint)))
}

function writeList(out: ByteSink, elements: readonly ThriftValue[], type: ThriftType): void {
  const code = codeOf(type)
  if (elements.length < 15) out.byte((elements.length << 4) | code)
  else {
    out.byte(0xf0 | code)
    out.varint(BigInt(elements.length))
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

  varint(value: bigint): void {
    let rest = value
    for (; rest > 0x7fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80)
    this.byte(Number(rest))
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
