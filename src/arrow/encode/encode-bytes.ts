import { arrowType } from '../arrow-schema.js'
import { byteOffsets } from '../byte-offsets.js'
import { type Column, makeColumn } from '../column.js'
import { type ColumnInput, misfit } from './column-input.js'

const encoder = new TextEncoder()
const EMPTY = new Uint8Array(0)
/** What has no UTF-8: matches half a surrogate pair only. */
const LONE_SURROGATE = /\p{Cs}/u

export function encodeString(input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const texts = new Array<string>(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value === 'string') texts[i] = value
    else if (value === null || value === undefined) texts[i] = ''
    else throw misfit(place, 'a string', value, i)
  }
  const { bytes, offsets } = encodeTexts(texts, (index) =>
    misfit(place, 'text without lone surrogates', texts[index], index),
  )
  return makeColumn(arrowType({ type: 'string' }), {
    length: values.length,
    validity,
    nullCount,
    values: bytes,
    offsets,
  })
}

/** UTF-8 of many texts in one run: one call of the encoder where all of them are ASCII, which most columns are. */
function encodeTexts(
  texts: readonly string[],
  illFormed: (index: number) => Error,
): { readonly bytes: Uint8Array; readonly offsets: Int32Array } {
  const joined = texts.join('')
  const bytes = encoder.encode(joined)
  if (bytes.byteLength === joined.length)
    return { bytes, offsets: byteOffsets(texts.length, (i) => (texts[i] as string).length) }
  const sizes = texts.map((text, i) => {
    if (LONE_SURROGATE.test(text)) throw illFormed(i)
    return utf8Length(text)
  })
  return { bytes, offsets: byteOffsets(texts.length, (i) => sizes[i] as number) }
}

export function encodeBinary(input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const chunks = values.map((value, i) => {
    if (value === null || value === undefined) return EMPTY
    if (value instanceof Uint8Array) return value
    if (value instanceof ArrayBuffer) return new Uint8Array(value)
    throw misfit(place, 'binary (a Uint8Array)', value, i)
  })
  const offsets = byteOffsets(chunks.length, (i) => (chunks[i] as Uint8Array).byteLength)
  const bytes = new Uint8Array(offsets[chunks.length] as number)
  chunks.forEach((chunk, i) => {
    bytes.set(chunk, offsets[i] as number)
  })
  return makeColumn(arrowType({ type: 'binary' }), {
    length: values.length,
    validity,
    nullCount,
    values: bytes,
    offsets,
  })
}

/** Of well-formed text. */
function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    // A surrogate pair is two units and four bytes.
    length += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return length
}
