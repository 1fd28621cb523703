import type { Schema } from 'apache-arrow'
import { arrowSchema } from '../arrow/arrow-schema.js'
import { DeltaError } from '../errors/delta-error.js'
import { COLUMN_MAPPING_MODE } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import { physicalSchema, storedName } from '../schema/column-mapping.js'
import type { DataType, StructType } from '../schema/data-type.js'
import { indexedColumns } from './indexed-columns.js'
import type { WriteTarget } from './write-target.js'

export interface PartitionField {
  readonly name: string
  readonly physicalName: string
  readonly dataType: DataType
}

/** How the columns of a table are spread over its data files: worked out once a write. */
export interface FileLayout {
  /** In the order of the table's partition columns. */
  readonly partitions: readonly PartitionField[]
  /** Positions of the columns that are stored in files, in the order of the schema. */
  readonly storedColumns: readonly number[]
  /** Those columns by physical names. */
  readonly physical: StructType
  /** Their Arrow form, with Parquet field ids where columns are mapped. */
  readonly arrow: Schema
  /** Those of them that get statistics. */
  readonly indexed: StructType
}

/** The layout for a target; the same one for as long as a table keeps its schema and properties. */
export function fileLayout(target: WriteTarget): FileLayout {
  const known = layouts.get(target.schema)
  if (known !== undefined && isAlike(known.target, target)) return known.layout
  const layout = newLayout(target)
  layouts.set(target.schema, { target, layout })
  return layout
}

/** Those of held tables are asked for by every write. */
const layouts = new WeakMap<StructType, { readonly target: WriteTarget; readonly layout: FileLayout }>()

function isAlike(a: WriteTarget, b: WriteTarget): boolean {
  return (
    a.partitionColumns === b.partitionColumns &&
    a.configuration === b.configuration &&
    a.materializePartitions === b.materializePartitions
  )
}

function newLayout(target: WriteTarget): FileLayout {
  const mode = tableProperty(target, COLUMN_MAPPING_MODE)
  const partitions = target.partitionColumns.map((name) => {
    const field = target.schema.fields.find((each) => each.name === name)
    if (field === undefined) {
      throw new DeltaError('CorruptLog', `Partition column ${name} is not in the schema of the table.`, {
        details: { column: name },
      })
    }
    return { name, physicalName: storedName(field, mode), dataType: field.dataType }
  })
  const partitioned = new Set(target.partitionColumns)
  // A void column has no values: files leave it out, readers fill it with nulls.
  const dataColumns = target.schema.fields.flatMap(({ name, dataType }, index) =>
    partitioned.has(name) || dataType.type === 'void' ? [] : [index],
  )
  const storedColumns = [...dataColumns, ...materializedColumns(target)]
  const data: StructType = { type: 'struct', fields: dataColumns.map((index) => target.schema.fields[index] as never) }
  const stored: StructType = {
    type: 'struct',
    fields: storedColumns.map((index) => target.schema.fields[index] as never),
  }
  const physical = physicalSchema(stored, mode)
  return {
    partitions,
    storedColumns,
    physical,
    arrow: arrowSchema(physical, { fieldIds: mode !== 'none' }),
    indexed: physicalSchema(indexedColumns(data, target), mode),
  }
}

/** Positions of the partition columns that files hold all the same. */
function materializedColumns({ schema, partitionColumns, materializePartitions }: WriteTarget): readonly number[] {
  if (!materializePartitions) return []
  return partitionColumns.map((name) => schema.fields.findIndex((field) => field.name === name))
}
