/**
 * Compares two keys in the byte order of their UTF-8 form, the order of every listing.
 *
 * JavaScript compares UTF-16 code units, which puts surrogate pairs (U+10000 and up) before U+E000 to U+FFFF.
 * Pure; no I/O.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1
  }
  return a.length - b.length
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff
