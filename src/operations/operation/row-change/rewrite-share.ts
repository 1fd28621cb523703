import { DeltaError } from '../../../errors/delta-error.js'
import type { RowChangeOptions } from './row-change-options.js'

const DEFAULT_SHARE = 0.75

/** The share of a file's rows from which on it is rewritten. InvalidArgument for what is no share. */
export function rewriteShareOf({ rewriteShare = DEFAULT_SHARE }: RowChangeOptions): number {
  if (typeof rewriteShare === 'number' && rewriteShare >= 0 && rewriteShare <= 1) return rewriteShare
  throw new DeltaError('InvalidArgument', `rewriteShare must be a number from 0 to 1, not ${String(rewriteShare)}.`)
}
