import type { WriteTarget } from '../../../data-files/write-target.js'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { COLUMN_MAPPING_MODE } from '../../../protocol/properties/table-properties.js'
import { tableProperty } from '../../../protocol/properties/table-property.js'
import { storedName } from '../../../schema/column-mapping.js'
import type { StructField } from '../../../schema/data-type.js'
import { fieldIdsSql } from './field-ids.js'
import { physicalColumn } from './physical-column.js'

/** How the logical columns of a SELECT become the columns of data files. */
export interface StoredLayout {
  /** SQL of the stored columns, each with its physical name. */
  readonly columns: readonly string[]
  /** The same columns; `column` is the quoted physical name. */
  readonly stored: readonly { readonly field: StructField; readonly column: string }[]
  /** `key` names the text that stands for a partition value in a COPY: no stored column has this name. */
  readonly partitions: readonly { readonly field: StructField; readonly key: string }[]
  /** For COPY, where columns are mapped. */
  readonly fieldIds: string | undefined
}

export function storedLayout(target: WriteTarget): StoredLayout {
  const mode = tableProperty(target, COLUMN_MAPPING_MODE)
  // A void column has no values: files leave it out, readers fill it with nulls.
  const dataFields = target.schema.fields.filter(
    ({ name, dataType }) => !target.partitionColumns.includes(name) && dataType.type !== 'void',
  )
  if (dataFields.length === 0) {
    throw new DeltaError(
      'UnsupportedType',
      'Every column of the table is a partition column: no file can hold its rows. Add a column.',
    )
  }
  const names = new Set(target.schema.fields.map((field) => storedName(field, mode).toLowerCase()))
  const partitions = target.partitionColumns.map((name, i) => {
    const field = target.schema.fields.find((each) => each.name === name)
    if (field === undefined)
      throw new DeltaError('CorruptLog', `Partition column ${name} is not in the schema of the table.`)
    let key = `p${i}`
    while (names.has(key)) key = `p${key}`
    return { field, key }
  })
  const fields = target.materializePartitions ? [...dataFields, ...partitions.map(({ field }) => field)] : dataFields
  return {
    columns: fields.map((field) => physicalColumn(field, mode)),
    stored: fields.map((field) => ({ field, column: quoteIdentifier(storedName(field, mode)) })),
    partitions,
    fieldIds: fieldIdsSql(fields, mode),
  }
}
