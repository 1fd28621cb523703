import { arrayValue, plainValue, structValue, type TypedValue, unmappable } from './typed-value.js'

type Json = { readonly [name: string]: unknown }

/**
 * The type of the values that a JSON Schema describes: objects, arrays, strings (`format: date` is a date), numbers, booleans, each or null. Numbers are doubles, whole ones too, because that is what
 * JavaScript holds them as.
 *
 * UnsupportedType, naming the columns, for what has no one type.
 */
export function fromJsonSchema(schema: unknown, path: readonly string[]): TypedValue {
  if (!isObject(schema)) throw unmappable(path, 'of any type', 'Say which type it has.')
  const branches = schema.anyOf ?? schema.oneOf
  if (Array.isArray(branches)) return oneOf(branches, path)
  if (Array.isArray(schema.type)) {
    return oneOf(
      schema.type.map((type: unknown) => ({ ...schema, type })),
      path,
    )
  }
  switch (schema.type ?? typeOfValues(schema)) {
    case 'string':
      return plainValue(schema.format === 'date' ? 'date' : 'string')
    case 'number':
    case 'integer':
      return plainValue('double')
    case 'boolean':
      return plainValue('boolean')
    case 'array':
      return arrayValue(fromJsonSchema(schema.items, [...path, 'element']))
    case 'object':
      return objectValue(schema, path)
    default:
      throw unmappable(path, `of the JSON type ${JSON.stringify(schema.type ?? 'any')}`, 'Say which one type it has.')
  }
}

function objectValue({ properties, required }: Json, path: readonly string[]): TypedValue {
  if (!isObject(properties)) throw unmappable(path, 'an object of any keys', 'Name its fields.')
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  return structValue(
    Object.entries(properties).map(([name, field]) => {
      const typeOf = (): TypedValue => {
        const value = fromJsonSchema(field, [...path, name])
        return { ...value, nullable: value.nullable || !needed.includes(name) }
      }
      return [name, typeOf] as const
    }),
  )
}

function oneOf(branches: readonly unknown[], path: readonly string[]): TypedValue {
  const values = branches.filter((branch) => !isObject(branch) || branch.type !== 'null')
  const types = values.map((branch) => fromJsonSchema(branch, path))
  const [first, ...others] = types
  const isOne = others.every(({ dataType }) => JSON.stringify(dataType) === JSON.stringify(first?.dataType))
  if (first === undefined || !isOne) throw unmappable(path, 'of several types', 'A column has one type.')
  return { ...first, nullable: values.length < branches.length || types.some(({ nullable }) => nullable) }
}

function typeOfValues({ enum: values, const: value }: Json): string | undefined {
  const kinds = new Set((Array.isArray(values) ? values : [value]).map((each: unknown) => typeof each))
  const [kind] = kinds
  return kinds.size === 1 && kind !== 'object' && kind !== 'undefined' ? kind : undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
