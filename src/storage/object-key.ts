import { DeltaError } from '../errors/delta-error.js'

/**
 * Checks that a key names an object inside its store: segments joined by single slashes, none of them empty, `.` or `..`.
 *
 * @throws UnsafePath
 */
export function checkKey(url: string, key: string): void {
  if (key !== '' && !key.includes('\0') && key.split('/').every(isPlainSegment)) return
  throw new DeltaError('UnsafePath', `"${key}" is no key of an object inside ${url}.`, { details: { path: key } })
}

const isPlainSegment = (segment: string): boolean => segment !== '' && segment !== '.' && segment !== '..'
