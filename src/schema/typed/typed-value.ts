import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import type { DataType, StructField } from '../data-type.js'
import { columnName } from '../schema-error.js'

/** A type as a validator has it. */
export interface TypedValue {
  readonly dataType: DataType
  readonly nullable: boolean
}

/** UnsupportedType, naming the column: values of a validator that no column can hold. */
export function unmappable(path: readonly string[], what: string, help: string): DeltaError {
  const column = columnName(path)
  const where = path.length === 0 ? 'The schema' : `Column ${column}`
  return new DeltaError('UnsupportedType', `${where} is ${what}, which no column type of Delta is for. ${help}`, {
    details: path.length === 0 ? {} : { column },
  })
}

/** A column of text, numbers and so on. */
export function plainValue(type: Exclude<DataType['type'], 'decimal' | 'array' | 'map' | 'struct'>): TypedValue {
  return { dataType: { type }, nullable: false }
}

/** A list of such values. */
export function arrayValue({ dataType, nullable }: TypedValue): TypedValue {
  return { dataType: { type: 'array', elementType: dataType, containsNull: nullable }, nullable: false }
}

/** An object with such values. UnsupportedType naming every field of which no column can hold the values. */
export function structValue(fields: readonly (readonly [name: string, value: () => TypedValue])[]): TypedValue {
  const columns: StructField[] = []
  const failures: DeltaError[] = []
  for (const [name, typeOf] of fields) {
    try {
      columns.push({ name, ...typeOf(), metadata: {} })
    } catch (error) {
      if (!isDeltaError(error, 'UnsupportedType')) throw error
      failures.push(error)
    }
  }
  const [first] = failures
  if (first === undefined) return { dataType: { type: 'struct', fields: columns }, nullable: false }
  if (failures.length === 1) throw first
  const named = failures.flatMap(({ details: { column, columns = [column] } }) => columns as string[])
  throw new DeltaError('UnsupportedType', failures.map(({ message }) => message).join(' '), {
    details: { columns: named },
  })
}
