/**
 * One non-null value of a primitive type in the form that the library computes with:
 *
 * - boolean: `boolean`; string: `string`; binary: `Uint8Array`
 * - byte, short, integer, float, double: `number`; long: `bigint`
 * - decimal: `bigint`, unscaled, at the scale of its type
 * - date: `number`, days since 1970-01-01
 * - timestamp, timestamp_ntz: `bigint`, microseconds since 1970-01-01 00:00:00 (UTC, or without a zone)
 */
export type Scalar = boolean | number | bigint | string | Uint8Array
