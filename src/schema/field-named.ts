import type { StructField, StructType } from './data-type.js'

/** The field of a name, compared without case; one spelled exactly wins. */
export function fieldNamed({ fields }: StructType, name: string): StructField | undefined {
  const folded = name.toLowerCase()
  return fields.find((field) => field.name === name) ?? fields.find((field) => field.name.toLowerCase() === folded)
}
