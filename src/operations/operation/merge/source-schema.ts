import type { DataType, StructField, StructType } from '../../../schema/data-type.js'
import { evolveSchema } from '../../../schema/evolve/evolve-schema.js'
import { inferNewFields } from '../../../schema/evolve/infer-new-fields.js'
import { fieldNamed } from '../../../schema/field-named.js'

/**
 * The columns of plain rows of a source, with those of the rows before: the table's where it has them, for others the types of their values. What no row has, columns as fields of structs, is not there, so
 * that a merge leaves it as it is. Pure; no I/O.
 */
export function sourceSchema(rows: readonly object[], table: StructType, before: StructType): StructType {
  const known = evolveSchema(before, { type: 'struct', fields: usedFields(rows, table, before) }).schema
  return evolveSchema(known, inferNewFields(rows, evolveSchema(table, known).schema)).schema
}

function usedFields(values: readonly unknown[], type: StructType, before: StructType | undefined): StructField[] {
  const names = new Map<string, StructField | undefined>()
  const used = new Map<StructField, unknown[]>()
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue
    for (const [name, each] of Object.entries(value)) {
      if (!names.has(name)) names.set(name, fieldNamed(type, name))
      const field = names.get(name)
      if (field === undefined) continue
      const below = used.get(field) ?? []
      used.set(field, below)
      if (field.dataType.type === 'struct') below.push(each)
    }
  }
  return type.fields.flatMap((field) => {
    const below = used.get(field)
    if (below === undefined) return []
    const dataType = usedType(below, field.dataType, before && fieldNamed(before, field.name)?.dataType)
    return dataType === undefined ? [] : [{ ...field, dataType, nullable: true, metadata: {} }]
  })
}

/** Undefined where structs have nothing that the table has. */
function usedType(values: readonly unknown[], type: DataType, before: DataType | undefined): DataType | undefined {
  if (type.type !== 'struct') return type
  const fields = usedFields(values, type, before?.type === 'struct' ? before : undefined)
  if (fields.length > 0) return { type: 'struct', fields }
  // Where all of them are null, they are null as a whole.
  return values.every((value) => value === null || value === undefined) ? (before ?? type) : before
}
