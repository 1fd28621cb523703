/** Objects with named fields: not arrays, maps, dates or bytes. */
export function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false
  return !(value instanceof Map) && !(value instanceof Date) && !(value instanceof Set)
}
