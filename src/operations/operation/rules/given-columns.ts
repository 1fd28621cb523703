import type { RecordBatch } from 'apache-arrow'
import type { Given } from '../../../engine/rule-evaluator.js'

/** Which of some columns each plain object has: a key with `undefined` counts as none, null is a value. */
export function givenInRows(rows: readonly object[], columns: ReadonlySet<string>): ReadonlyMap<string, Given> {
  return new Map([...columns].map((column) => [column, ofRows(rows, column)]))
}

/** Which of some columns Arrow data has. */
export function givenInBatch({ schema }: RecordBatch, columns: ReadonlySet<string>): ReadonlyMap<string, Given> {
  const names = new Set(schema.fields.map(({ name }) => name.toLowerCase()))
  return new Map([...columns].map((column) => [column, names.has(column.toLowerCase())]))
}

function ofRows(rows: readonly object[], column: string): Given {
  const mask = Uint8Array.from(rows, (row) => (has(row, column) ? 1 : 0))
  if (!mask.includes(1)) return false
  return mask.includes(0) ? mask : true
}

function has(row: object, column: string): boolean {
  if (Object.hasOwn(row, column)) return (row as { readonly [name: string]: unknown })[column] !== undefined
  const name = Object.keys(row).find((key) => key.toLowerCase() === column.toLowerCase())
  return name !== undefined && (row as { readonly [name: string]: unknown })[name] !== undefined
}
