import { parse } from 'uuid'
import { encodeZ85 } from './z85.js'

/** The `pathOrInlineDv` of a vector stored under a UUID (storage type `u`; PROTOCOL.md, "Derived Fields"). */
export function encodeDeletionVectorPath(uuid: string, prefix = ''): string {
  return prefix + encodeZ85(parse(uuid))
}
