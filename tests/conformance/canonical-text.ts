import type { PlainValue } from './plain-value.js'
import type { TypeJson } from './schema-json.js'
import { type VariantValue, variantOf, variantText } from './variant-value.js'

/**
 * One text for each value of a Delta type: two values are equal exactly when their texts are. Throws where a value
 * cannot be of the type at all, for example a string in a long column.
 */
export function canonicalText(value: PlainValue, type: TypeJson): string {
  if (value === null) return 'null'
  if (typeof type === 'string') return scalarText(value, type)
  switch (type.type) {
    case 'struct': {
      const fields = structFields(value)
      const unknown = [...fields.keys()].filter((name) => !type.fields.some((field) => field.name === name))
      if (unknown.length > 0) throw new TypeError(`unexpected struct fields ${unknown.join(', ')}`)
      return `{${type.fields.map((field) => canonicalText(fields.get(field.name) ?? null, field.type)).join(',')}}`
    }
    case 'array':
      if (!Array.isArray(value)) return misfit(value, 'array')
      return `[${(value as readonly PlainValue[]).map((element) => canonicalText(element, type.elementType)).join(',')}]`
    case 'map': {
      if (typeof value !== 'object' || !('entries' in value) || !Array.isArray(value.entries))
        return misfit(value, 'map')
      const entries = (value.entries as readonly (readonly [PlainValue, PlainValue])[]).map(
        ([key, item]) => `${canonicalText(key, type.keyType)}=>${canonicalText(item, type.valueType)}`,
      )
      return `(${entries.sort().join(',')})`
    }
    case 'udt':
      return canonicalText(value, type.sqlType)
  }
}

function scalarText(value: PlainValue, type: string): string {
  if (/^(byte|short|integer|long|date|timestamp|timestamp_ntz)$/.test(type)) {
    return typeof value === 'bigint' || Number.isInteger(value) ? String(value) : misfit(value, type)
  }
  if (/^(string|varchar|char)/.test(type)) {
    return typeof value === 'string' ? JSON.stringify(value) : misfit(value, type)
  }
  if (type.startsWith('decimal')) return decimalText(value, type)
  switch (type) {
    case 'double':
      return typeof value === 'number' ? floatText(value) : misfit(value, type)
    case 'float':
      return typeof value === 'number' ? floatText(Math.fround(value)) : misfit(value, type)
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : misfit(value, type)
    case 'binary':
      return value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : misfit(value, type)
    case 'variant':
      return variantText(variantOfPlain(value))
    default:
      return misfit(value, type)
  }
}

function decimalText(value: PlainValue, type: string): string {
  const scale = Number(/,\s*(-?\d+)\)/.exec(type)?.[1] ?? 0)
  if (typeof value !== 'object' || value === null || !('unscaled' in value)) return misfit(value, type)
  const shift = scale - value.scale
  if (shift >= 0) return (value.unscaled * 10n ** BigInt(shift)).toString()
  const divisor = 10n ** BigInt(-shift)
  return value.unscaled % divisor === 0n ? (value.unscaled / divisor).toString() : misfit(value, type)
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '0' : String(value)
}

function variantOfPlain(value: PlainValue): VariantValue {
  if (typeof value === 'string') return JSON.parse(value) as VariantValue
  const fields = structFields(value)
  const metadata = fields.get('metadata')
  const encoded = fields.get('value')
  if (!(metadata instanceof Uint8Array) || !(encoded instanceof Uint8Array)) return misfit(value, 'variant')
  return variantOf(metadata, encoded)
}

function structFields(value: PlainValue): ReadonlyMap<string, PlainValue> {
  return typeof value === 'object' && value !== null && 'fields' in value ? value.fields : misfit(value, 'struct')
}

function misfit(value: PlainValue, type: string): never {
  const shown = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item))
  throw new TypeError(`${shown?.slice(0, 80)} is no ${type}`)
}
