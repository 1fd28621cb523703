import type { RecordBatch } from 'apache-arrow'
import type { StructType } from '../schema/data-type.js'
import { type Column, childAt } from './column.js'

/** Tells the columns of floats, also inside structs, that have a NaN in one of the batches: answers by path. */
export function nanColumns(batches: readonly RecordBatch[], schema: StructType): (path: readonly string[]) => boolean {
  const found = new Set<string>()
  for (const batch of batches) visit(batch.data as Column, schema, [], found)
  return (path) => found.has(JSON.stringify(path))
}

function visit(parent: Column, struct: StructType, above: readonly string[], found: Set<string>): void {
  struct.fields.forEach(({ name, dataType }, index) => {
    const path = [...above, name]
    if (dataType.type === 'struct') visit(childAt(parent, index), dataType, path, found)
    else if ((dataType.type === 'float' || dataType.type === 'double') && hasNaN(childAt(parent, index))) {
      found.add(JSON.stringify(path))
    }
  })
}

/** What stands where a row is null counts too: that is cheaper, and errs on the safe side. */
function hasNaN(column: Column): boolean {
  const values = column.values as Float64Array
  for (let i = 0; i < column.length; i++) if (Number.isNaN(values[i])) return true
  return false
}
