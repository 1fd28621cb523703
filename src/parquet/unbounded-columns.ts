import { DataType, type RecordBatch } from 'apache-arrow'

/**
 * The columns of floats that have a NaN. The encoder leaves NaN out of the least and the greatest value; readers that go by these (Spark, DuckDB) would leave out
 * rows with NaN, which is greater than every number. So such columns get no statistics, as those of parquet-mr. Fields of structs are not told apart by the encoder: they keep theirs.
 */
export function unboundedColumns(batches: readonly RecordBatch[]): string[] {
  const names = new Set<string>()
  for (const batch of batches) {
    batch.schema.fields.forEach(({ name, type }, i) => {
      const column = batch.data.children[i]
      if (names.has(name) || column === undefined || !DataType.isFloat(type)) return
      const values = column.values as Float64Array
      for (let row = 0; row < column.length; row++) {
        if (!Number.isNaN(values[row])) continue
        names.add(name)
        return
      }
    })
  }
  return [...names]
}
