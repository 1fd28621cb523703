import type { DataType, StructField } from '../schema/data-type.js'
import type { Scalar } from '../schema/scalar.js'
import type { ScalarOrder } from '../schema/scalar-order.js'

/** A column that a predicate asks for, found in the schema. */
export interface BoundColumn {
  /** Its position in {@link BoundPredicate.columns}. */
  readonly index: number
  /** As the schema spells it. */
  readonly path: readonly string[]
  /** The fields on the way, the column itself last. */
  readonly fields: readonly [StructField, ...StructField[]]
  readonly dataType: DataType
  /** The order of its values. */
  readonly order: ScalarOrder
}

/** A predicate whose columns are found and whose literals are values of the columns' types. Three-valued like {@link Predicate}. */
export type BoundNode =
  | {
      readonly op: 'compare'
      readonly comparison: 'eq' | 'lt' | 'le' | 'gt' | 'ge'
      readonly column: BoundColumn
      readonly value: Scalar
    }
  /** `values` are sorted and distinct. With `orNull`, null was among them: what equals none of them is unknown, not false. */
  | { readonly op: 'in'; readonly column: BoundColumn; readonly values: readonly Scalar[]; readonly orNull: boolean }
  | { readonly op: 'startsWith'; readonly column: BoundColumn; readonly prefix: string }
  | { readonly op: 'isNull'; readonly column: BoundColumn }
  /** `value` where the column is not null, unknown where it is: a comparison with a literal beyond all values of the type. */
  | { readonly op: 'unlessNull'; readonly column: BoundColumn; readonly value: boolean }
  | { readonly op: 'and' | 'or'; readonly children: readonly BoundNode[] }
  | { readonly op: 'not'; readonly child: BoundNode }
  | { readonly op: 'constant'; readonly value: boolean | null }
  | { readonly op: 'opaque'; readonly sql: string }

/** What `bindPredicate` answers. */
export interface BoundPredicate {
  readonly root: BoundNode
  /** Every column that the predicate names outside opaque SQL, once each. */
  readonly columns: readonly BoundColumn[]
  /** Part of it is SQL that only the SQL engine can evaluate, over any columns. */
  readonly opaque: boolean
}
