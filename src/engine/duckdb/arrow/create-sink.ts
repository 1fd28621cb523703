import {
  type DuckDBListType,
  type DuckDBMapType,
  type DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import { Binary, Utf8 } from 'apache-arrow'
import { BooleanSink } from './boolean-sink.js'
import { BytesSink } from './bytes-sink.js'
import type { ColumnSink } from './column-sink.js'
import { fixedWidthLayout } from './fixed-width-layouts.js'
import { FixedWidthSink } from './fixed-width-sink.js'
import { ListSink } from './list-sink.js'
import { NullSink } from './null-sink.js'
import { StructSink } from './struct-sink.js'
import { TextSink } from './text-sink.js'

/** The sink that turns a DuckDB column into an Arrow column of Delta's types. */
export function createSink(type: DuckDBType): ColumnSink {
  const layout = fixedWidthLayout(type)
  if (layout !== undefined) return new FixedWidthSink(layout)
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return new BooleanSink()
    case DuckDBTypeId.VARCHAR:
      return new BytesSink(new Utf8())
    case DuckDBTypeId.BLOB:
      return new BytesSink(new Binary())
    case DuckDBTypeId.SQLNULL:
      return new NullSink()
    case DuckDBTypeId.LIST:
      return new ListSink(createSink((type as DuckDBListType).valueType), false)
    case DuckDBTypeId.MAP: {
      const { keyType, valueType } = type as DuckDBMapType
      return new ListSink(new StructSink(['key', 'value'], [createSink(keyType), createSink(valueType)], true), true)
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType
      return new StructSink(entryNames, entryTypes.map(createSink))
    }
    default:
      return new TextSink(type)
  }
}
