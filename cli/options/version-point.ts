/** A version as a number; everything else is an instant, which the library parses. */
export function versionPoint(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}
