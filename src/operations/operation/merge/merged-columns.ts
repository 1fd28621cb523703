import type { StructType } from '../../../schema/data-type.js'
import { isAllColumns, type MergeClause } from './merge-clause.js'

/** The columns of a source that a merge may bring into the table: all where a clause takes all, else those that are set by name. */
export function mergedColumns(clauses: readonly MergeClause[], source: StructType, target: StructType): StructType {
  const wanted = new Set<string>()
  const has = ({ fields }: StructType, name: string): boolean =>
    fields.some((field) => field.name.toLowerCase() === name.toLowerCase())
  for (const clause of clauses) {
    if (clause.action === 'delete') continue
    const values = clause.action === 'insert' ? clause.values : clause.set
    if (isAllColumns(values)) {
      const except = new Set(values.except?.map((name) => name.toLowerCase()))
      for (const { name } of source.fields) if (!except.has(name.toLowerCase())) wanted.add(name.toLowerCase())
    } else {
      for (const name of Object.keys(values)) if (!has(target, name)) wanted.add(name.toLowerCase())
    }
  }
  return { type: 'struct', fields: source.fields.filter(({ name }) => wanted.has(name.toLowerCase())) }
}
