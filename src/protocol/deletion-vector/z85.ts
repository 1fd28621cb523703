import { DeltaError } from '../../errors/delta-error.js'

/** The alphabet of ZeroMQ's Z85, which PROTOCOL.md calls base85. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'
const DIGITS: ReadonlyMap<string, number> = new Map([...ALPHABET].map((char, index) => [char, index]))

/** Five characters for each four bytes; the last group is filled with zeros, so keep the length to decode. */
export function encodeZ85(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.byteLength; start += 4) {
    let value = 0
    for (let i = 0; i < 4; i++) value = value * 256 + (bytes[start + i] ?? 0)
    let group = ''
    for (let i = 0; i < 5; i++) {
      group = ALPHABET[value % 85] + group
      value = Math.floor(value / 85)
    }
    text += group
  }
  return text
}

/**
 * The first `length` bytes. CorruptData where the text is not Z85 or is too short. A group above 32 bits keeps its low ones, as it does for every other
 * reader: there are writers that leave such groups behind the last byte.
 */
export function decodeZ85(text: string, length: number): Uint8Array {
  if (text.length % 5 !== 0 || text.length * 4 < length * 5) fail(text)
  const bytes = new Uint8Array((text.length / 5) * 4)
  for (let group = 0; group < text.length / 5; group++) {
    let value = 0
    for (let i = 0; i < 5; i++) value = value * 85 + (DIGITS.get(text[group * 5 + i] as string) ?? fail(text))
    new DataView(bytes.buffer).setUint32(group * 4, value)
  }
  return bytes.subarray(0, length)
}

function fail(text: string): never {
  throw new DeltaError(
    'CorruptData',
    `'${text.slice(0, 60)}' in a deletion vector is damaged: it is not base85 (Z85) text of the right length.`,
  )
}
