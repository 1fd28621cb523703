import type { Scalar } from '../schema/scalar.js'

/**
 * Where a literal lies among the values of a column's type: on one of them; between two of them (`below` is the greatest that is smaller); or beyond all of them.
 */
export type LiteralFit =
  | { readonly at: 'value'; readonly value: Scalar }
  | { readonly at: 'gap'; readonly below: Scalar }
  | { readonly at: 'below' | 'above' }

export const BELOW: LiteralFit = { at: 'below' }
export const ABOVE: LiteralFit = { at: 'above' }

/** A literal that is a value of the type. */
export function fits(value: Scalar): LiteralFit {
  return { at: 'value', value }
}
