import type { JsonValue } from '../../schema/data-type.js'
import { arrowType } from '../arrow-schema.js'
import { type Column, makeColumn } from '../column.js'
import { encodeVariantValue } from '../variant/encode-variant.js'
import { type ColumnInput, misfit } from './column-input.js'
import { encodeBinary } from './encode-bytes.js'

/** Plain JSON, where `null` is a missing value: a JSON null inside a variant cannot be told from it. */
export function encodeVariant(input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const encoded = values.map((value, i) => {
    if (value === null || value === undefined) return undefined
    const variant = encodeVariantValue(value as JsonValue)
    if (variant === undefined) throw misfit(place, 'a variant (plain JSON)', value, i)
    return variant
  })
  const metadata = encodeBinary({
    values: encoded.map((variant) => variant?.metadata),
    validity: undefined,
    nullCount: 0,
    place,
  })
  const value = encodeBinary({
    values: encoded.map((variant) => variant?.value),
    validity: undefined,
    nullCount: 0,
    place,
  })
  return makeColumn(arrowType({ type: 'variant' }), {
    length: values.length,
    validity,
    nullCount,
    children: [metadata, value],
  })
}
