import type { ThriftFields } from './thrift-type.js'

// The structs of parquet.thrift (apache/parquet-format), by the ids of their fields.

const EMPTY: ThriftFields = {}
const KEY_VALUE: ThriftFields = { 1: 'binary', 2: 'binary' }
const TIME: ThriftFields = {
  1: 'bool',
  2: { struct: { 1: { struct: EMPTY }, 2: { struct: EMPTY }, 3: { struct: EMPTY } } },
}

/** `VARIANT` in the union of logical types: the decoder does not know it. */
export const VARIANT_ID = 16

/** The logical types. */
export const LOGICAL_TYPE: ThriftFields = {
  1: { struct: EMPTY },
  2: { struct: EMPTY },
  3: { struct: EMPTY },
  4: { struct: EMPTY },
  5: { struct: { 1: 'i32', 2: 'i32' } },
  6: { struct: EMPTY },
  7: { struct: TIME },
  8: { struct: TIME },
  10: { struct: { 1: 'i8', 2: 'bool' } },
  11: { struct: EMPTY },
  12: { struct: EMPTY },
  13: { struct: EMPTY },
  14: { struct: EMPTY },
  15: { struct: EMPTY },
  [VARIANT_ID]: { struct: { 1: 'i8' } },
}

const SCHEMA_ELEMENT: ThriftFields = {
  1: 'i32',
  2: 'i32',
  3: 'i32',
  4: 'binary',
  5: 'i32',
  6: 'i32',
  7: 'i32',
  8: 'i32',
  9: 'i32',
  10: { struct: LOGICAL_TYPE },
}

const STATISTICS: ThriftFields = {
  1: 'binary',
  2: 'binary',
  3: 'i64',
  4: 'i64',
  5: 'binary',
  6: 'binary',
  7: 'bool',
  8: 'bool',
}

const COLUMN_META_DATA: ThriftFields = {
  1: 'i32',
  2: { list: 'i32' },
  3: { list: 'binary' },
  4: 'i32',
  5: 'i64',
  6: 'i64',
  7: 'i64',
  8: { list: { struct: KEY_VALUE } },
  9: 'i64',
  10: 'i64',
  11: 'i64',
  12: { struct: STATISTICS },
  13: { list: { struct: { 1: 'i32', 2: 'i32', 3: 'i32' } } },
  16: { struct: { 1: 'i64', 2: { list: 'i64' }, 3: { list: 'i64' } } },
}

const COLUMN_CHUNK: ThriftFields = {
  2: 'i64',
  3: { struct: COLUMN_META_DATA },
  4: 'i64',
  5: 'i32',
  6: 'i64',
  7: 'i32',
}

const ROW_GROUP: ThriftFields = {
  1: { list: { struct: COLUMN_CHUNK } },
  2: 'i64',
  3: 'i64',
  5: 'i64',
  6: 'i64',
  7: 'i16',
}

/** `FileMetaData`. Bloom filters, encryption and geometry are left out: what is written here never has them. */
export const FILE_META_DATA: ThriftFields = {
  1: 'i32',
  2: { list: { struct: SCHEMA_ELEMENT } },
  3: 'i64',
  4: { list: { struct: ROW_GROUP } },
  5: { list: { struct: KEY_VALUE } },
  6: 'binary',
  7: { list: { struct: { 1: { struct: EMPTY } } } },
}

/** `PageHeader` of data pages of version 1 and of dictionaries. */
export const PAGE_HEADER: ThriftFields = {
  1: 'i32',
  2: 'i32',
  3: 'i32',
  5: { struct: { 1: 'i32', 2: 'i32', 3: 'i32', 4: 'i32' } },
  7: { struct: { 1: 'i32', 2: 'i32' } },
}
