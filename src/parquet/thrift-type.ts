/** A type of Thrift's compact protocol, as far as Parquet uses them. */
export type ThriftType =
  | 'bool'
  | 'i8'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'double'
  | 'binary'
  | { readonly list: ThriftType }
  | { readonly struct: ThriftFields }

/** The types of a struct's fields by their ids. */
export type ThriftFields = { readonly [id: number]: ThriftType }

/** A struct as hyparquet reads it: field 3 is `field_3`; i64 are bigints, binary is bytes. */
export type ThriftStruct = { readonly [field: `field_${number}`]: ThriftValue | undefined }

export type ThriftValue = boolean | number | bigint | Uint8Array | readonly ThriftValue[] | ThriftStruct
