import { DeltaError } from '../../errors/delta-error.js'

/** Reads numbers from bytes, in order. CorruptData where the bytes end too early. */
export class ByteReader {
  readonly name: string
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private position = 0

  /** @param name what the bytes are, for errors. */
  constructor(bytes: Uint8Array, name: string) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.name = name
  }

  get remaining(): number {
    return this.bytes.byteLength - this.position
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true)
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true)
  }

  /** An unsigned number of 8 bytes; CorruptData beyond 2^53. */
  uint64(): number {
    const value = this.view.getBigUint64(this.advance(8), true)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail(`it holds a count of ${value}`)
    return Number(value)
  }

  uint16s(count: number): Uint16Array {
    const start = this.advance(count * 2)
    const values = new Uint16Array(count)
    for (let i = 0; i < count; i++) values[i] = this.view.getUint16(start + i * 2, true)
    return values
  }

  uint32s(count: number): Uint32Array {
    const start = this.advance(count * 4)
    const values = new Uint32Array(count)
    for (let i = 0; i < count; i++) values[i] = this.view.getUint32(start + i * 4, true)
    return values
  }

  take(count: number): Uint8Array {
    const start = this.advance(count)
    return this.bytes.subarray(start, start + count)
  }

  fail(reason: string): never {
    throw new DeltaError('CorruptData', `${this.name} is damaged: ${reason}.`, { details: { path: this.name } })
  }

  private advance(count: number): number {
    const start = this.position
    if (count > this.remaining) this.fail('it ends too early')
    this.position += count
    return start
  }
}
