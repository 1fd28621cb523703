/** About how many bytes the values of a row take: enough to bound what is held. */
export function rowBytes(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (value instanceof Date) return 8
  let bytes = 0
  if (value instanceof Map) for (const [key, each] of value) bytes += rowBytes(key) + rowBytes(each)
  else for (const each of Array.isArray(value) ? value : Object.values(value)) bytes += rowBytes(each)
  return bytes
}
