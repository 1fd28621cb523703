/** How a variant value begins (parquet-format, "Variant Binary Encoding"): the two lowest bits of its first byte. */
export const BASIC = { primitive: 0, shortString: 1, object: 2, array: 3 } as const

/** Ids of the primitive types, the upper six bits of the first byte. */
export const PRIMITIVE = {
  null: 0,
  true: 1,
  false: 2,
  int8: 3,
  int16: 4,
  int32: 5,
  int64: 6,
  double: 7,
  decimal4: 8,
  decimal8: 9,
  decimal16: 10,
  date: 11,
  timestamp: 12,
  timestampNtz: 13,
  float: 14,
  binary: 15,
  string: 16,
  timeNtz: 17,
  timestampNanos: 18,
  timestampNtzNanos: 19,
  uuid: 20,
} as const

/** The version that a variant's metadata begins with. */
export const VARIANT_VERSION = 1
