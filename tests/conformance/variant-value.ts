/** A decoded variant: JSON, with times apart (`{ micros }`) because JSON has only text for them. */
export type VariantValue =
  | null
  | boolean
  | number
  | string
  | { readonly decimal: { readonly unscaled: bigint; readonly scale: number } }
  | { readonly micros: bigint }
  | { readonly bytes: Uint8Array }
  | readonly VariantValue[]
  | { readonly object: ReadonlyMap<string, VariantValue> }

/** Decodes a variant from its two binary parts (Parquet's VariantEncoding.md). */
export function variantOf(metadata: Uint8Array, value: Uint8Array): VariantValue {
  return decode(new DataView(value.buffer, value.byteOffset, value.byteLength), 0, dictionary(metadata))
}

/**
 * One text for each variant value. Numbers of every width compare as numbers, and text that reads as a timestamp
 * compares with timestamps, so that a variant and its JSON have the same text.
 */
export function variantText(value: VariantValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return textOfString(value)
  if (Array.isArray(value)) return `[${(value as readonly VariantValue[]).map(variantText).join(',')}]`
  const item = value as Exclude<VariantValue, null | boolean | number | string | readonly VariantValue[]>
  if ('micros' in item) return `t${item.micros}`
  if ('bytes' in item) return textOfString(Buffer.from(item.bytes).toString('base64'))
  if ('decimal' in item) return numberText(Number(item.decimal.unscaled) / 10 ** item.decimal.scale)
  const fields = 'object' in item && item.object instanceof Map ? [...item.object] : Object.entries(item)
  const members = fields.map(([name, member]) => `${JSON.stringify(name)}:${variantText(member as VariantValue)}`)
  return `{${members.sort().join(',')}}`
}

function numberText(value: number): string {
  return `n${Object.is(value, -0) ? 0 : value}`
}

function textOfString(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?(Z|[+-]\d\d:?\d\d)?$/.exec(text)
  if (match === null) return `s${JSON.stringify(text)}`
  const [, date, time, fraction = '', zone = 'Z'] = match
  return `t${BigInt(Date.parse(`${date}T${time}${zone}`)) * 1000n + BigInt(fraction.padEnd(6, '0'))}`
}

function dictionary(metadata: Uint8Array): readonly string[] {
  const offsetSize = ((at(metadata, 0) >> 6) & 3) + 1
  const count = littleEndian(metadata, 1, offsetSize)
  const strings = 1 + offsetSize + (count + 1) * offsetSize
  const offset = (i: number): number => strings + littleEndian(metadata, 1 + (i + 1) * offsetSize, offsetSize)
  return Array.from({ length: count }, (_, i) => text(metadata.subarray(offset(i), offset(i + 1))))
}

function decode(view: DataView, start: number, names: readonly string[]): VariantValue {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const basicType = at(bytes, start) & 3
  const header = at(bytes, start) >> 2
  if (basicType === 0) return primitive(view, bytes, header, start + 1)
  if (basicType === 1) return text(bytes.subarray(start + 1, start + 1 + header))
  const isObject = basicType === 2
  const offsetSize = (header & 3) + 1
  const idSize = isObject ? ((header >> 2) & 3) + 1 : 0
  const countSize = (header >> (isObject ? 4 : 2)) & 1 ? 4 : 1
  const count = littleEndian(bytes, start + 1, countSize)
  const ids = start + 1 + countSize
  const offsets = ids + count * idSize
  const values = offsets + (count + 1) * offsetSize
  const member = (i: number): VariantValue =>
    decode(view, values + littleEndian(bytes, offsets + i * offsetSize, offsetSize), names)
  if (!isObject) return Array.from({ length: count }, (_, i) => member(i))
  const name = (i: number): string => names[littleEndian(bytes, ids + i * idSize, idSize)] ?? ''
  return { object: new Map(Array.from({ length: count }, (_, i) => [name(i), member(i)])) }
}

function primitive(view: DataView, bytes: Uint8Array, kind: number, start: number): VariantValue {
  switch (kind) {
    case 0:
      return null
    case 1:
    case 2:
      return kind === 1
    case 3:
    case 4:
    case 5:
    case 6:
      return { decimal: { unscaled: signed(bytes, start, 1 << (kind - 3)), scale: 0 } }
    case 7:
      return view.getFloat64(start, true)
    case 8:
    case 9:
    case 10:
      return { decimal: { unscaled: signed(bytes, start + 1, 4 << (kind - 8)), scale: at(bytes, start) } }
    case 11:
      return new Date(view.getInt32(start, true) * 86_400_000).toISOString().slice(0, 10)
    case 12:
    case 13:
      return { micros: view.getBigInt64(start, true) }
    case 14:
      return view.getFloat32(start, true)
    case 15:
      return { bytes: bytes.subarray(start + 4, start + 4 + view.getUint32(start, true)) }
    case 16:
      return text(bytes.subarray(start + 4, start + 4 + view.getUint32(start, true)))
    case 18:
    case 19:
      return { micros: view.getBigInt64(start, true) / 1000n }
    default:
      throw new TypeError(`variant of kind ${kind}`)
  }
}

function signed(bytes: Uint8Array, start: number, size: number): bigint {
  let value = 0n
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(at(bytes, start + i))
  return BigInt.asIntN(size * 8, value)
}

function littleEndian(bytes: Uint8Array, start: number, size: number): number {
  let value = 0
  for (let i = size - 1; i >= 0; i--) value = value * 256 + at(bytes, start + i)
  return value
}

function at(bytes: Uint8Array, i: number): number {
  const byte = bytes[i]
  if (byte === undefined) throw new RangeError('variant is cut short')
  return byte
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
