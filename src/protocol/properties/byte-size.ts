const BYTE_SIZE = /^(\d+)\s*(b|k|kb|m|mb|g|gb|t|tb)?$/
const POWERS: ReadonlyMap<string, number> = new Map([
  ['b', 0],
  ['k', 1],
  ['m', 2],
  ['g', 3],
  ['t', 4],
])

/** Bytes of `104857600`, `100mb` or `1g` (powers of 1,024, as Spark reads them); undefined where the text is no positive size. */
export function parseByteSize(text: string): number | undefined {
  const match = BYTE_SIZE.exec(text.trim().toLowerCase())
  if (match === null) return undefined
  const bytes = Number(match[1]) * 1024 ** (POWERS.get(match[2]?.charAt(0) ?? 'b') ?? 0)
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
}
