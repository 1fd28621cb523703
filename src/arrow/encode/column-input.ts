import type { DataType } from '../../schema/data-type.js'
import type { Column } from '../column.js'
import { describeValue, schemaMismatch } from '../schema-mismatch.js'

/** Where values stand, for messages. */
export interface ValuePlace {
  readonly path: readonly string[]
  /** The row of the input that value `index` belongs to. */
  row(index: number): number
}

/** Values of one column on their way into a column: those that are null are marked in `validity`. */
export interface ColumnInput {
  readonly values: readonly unknown[]
  /** Undefined where no value is null. */
  readonly validity: Uint8Array | undefined
  readonly nullCount: number
  readonly place: ValuePlace
}

/** Encodes the values of one column; `absent` tells those whose parent struct is null. */
export type FieldEncoder = (
  values: readonly unknown[],
  field: { readonly dataType: DataType; readonly nullable: boolean },
  place: ValuePlace,
  absent?: (index: number) => boolean,
) => Column

/** SchemaMismatch for one value. */
export function misfit(place: ColumnInput['place'], expected: string, value: unknown, index: number): Error {
  return schemaMismatch({ path: place.path, expected, got: describeValue(value), row: place.row(index) })
}
