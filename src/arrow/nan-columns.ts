import type { RecordBatch } from 'apache-arrow'
import type { StructType } from '../schema/data-type.js'
import { type Column, childAt } from './column.js'

/** Finds out which columns of floats, also inside structs, have a NaN. */
export class NanColumns {
  private readonly schema: StructType
  private readonly found = new Set<string>()

  constructor(schema: StructType) {
    this.schema = schema
  }

  /** Takes note of the NaNs of a batch of the schema. */
  look(batch: RecordBatch): void {
    this.visit(batch.data as Column, this.schema, [])
  }

  has(path: readonly string[]): boolean {
    return this.found.has(JSON.stringify(path))
  }

  private visit(parent: Column, struct: StructType, above: readonly string[]): void {
    struct.fields.forEach(({ name, dataType }, index) => {
      if (dataType.type === 'struct') this.visit(childAt(parent, index), dataType, [...above, name])
      else if (dataType.type === 'float' || dataType.type === 'double') {
        if (hasNaN(childAt(parent, index))) this.found.add(JSON.stringify([...above, name]))
      }
    })
  }
}

/** What stands where a row is null counts too: that is cheaper, and errs on the safe side. */
function hasNaN(column: Column): boolean {
  const values = column.values as Float64Array
  for (let i = 0; i < column.length; i++) if (Number.isNaN(values[i])) return true
  return false
}
