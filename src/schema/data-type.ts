/** The names of Delta's primitive types without parameters (PROTOCOL.md, "Primitive Types"). */
export type PrimitiveName =
  | 'boolean'
  | 'byte'
  | 'short'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'variant'
  | 'void'

export interface PrimitiveType {
  readonly type: PrimitiveName
}

/** 1 <= precision <= 38, 0 <= scale <= precision. */
export interface DecimalType {
  readonly type: 'decimal'
  readonly precision: number
  readonly scale: number
}

export interface ArrayType {
  readonly type: 'array'
  readonly elementType: DataType
  readonly containsNull: boolean
}

export interface MapType {
  readonly type: 'map'
  readonly keyType: DataType
  readonly valueType: DataType
  readonly valueContainsNull: boolean
}

export interface StructType {
  readonly type: 'struct'
  readonly fields: readonly StructField[]
}

/** A column type of the Delta protocol (PROTOCOL.md, "Schema Serialization Format"), discriminated by `type`. */
export type DataType = PrimitiveType | DecimalType | ArrayType | MapType | StructType

/** Plain JSON, with integers beyond 2^53 as bigint. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** A column, or a field of a struct. Metadata of other writers is carried along untouched. */
export interface StructField {
  readonly name: string
  readonly dataType: DataType
  readonly nullable: boolean
  readonly metadata: { readonly [name: string]: JsonValue }
}
