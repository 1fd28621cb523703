import type { DataType } from '../data-type.js'

/** One thing that evolution did to a schema. Steps of a path into arrays and maps are `element`, `key` and `value`. */
export type SchemaChange =
  | { readonly change: 'added'; readonly path: readonly string[]; readonly type: DataType }
  | {
      readonly change: 'widened'
      readonly path: readonly string[]
      readonly from: DataType
      readonly to: DataType
    }
