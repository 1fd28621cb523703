import { arrayValue, plainValue, structValue, type TypedValue, unmappable } from './typed-value.js'

/** The inside of a zod schema, as far as it is looked at. */
export interface ZodSchema {
  readonly _zod: { readonly def: ZodDefinition; readonly bag?: { readonly Class?: unknown } }
}

interface ZodDefinition {
  readonly type: string
  readonly format?: string
  readonly shape?: { readonly [name: string]: ZodSchema }
  readonly innerType?: ZodSchema
  readonly element?: ZodSchema
  readonly options?: readonly ZodSchema[]
  readonly keyType?: ZodSchema
  readonly valueType?: ZodSchema
  readonly values?: readonly unknown[]
  readonly entries?: { readonly [name: string]: unknown }
  readonly out?: ZodSchema
}

/** Whether a schema is one of zod, version 4. */
export function isZod(schema: object): schema is ZodSchema {
  return '_zod' in schema && typeof schema._zod === 'object' && schema._zod !== null && 'def' in schema._zod
}

/**
 * The type of the values that a zod schema gives. Their JavaScript type decides, so that rows come back as zod would have them: a `z.number()` is a double, also where it is whole, unless it says `z.int32()` or
 * `z.float32()`; a `z.bigint()` is a long.
 *
 * UnsupportedType, naming the columns, for what rows cannot hold.
 */
export function fromZod(schema: ZodSchema, path: readonly string[]): TypedValue {
  const { def, bag } = schema._zod
  const inner = (): TypedValue => fromZod(def.innerType as ZodSchema, path)
  switch (def.type) {
    case 'string':
      return plainValue(def.format === 'date' ? 'date' : 'string')
    case 'template_literal':
      return plainValue('string')
    case 'number':
      return plainValue(def.format === 'int32' ? 'integer' : def.format === 'float32' ? 'float' : 'double')
    case 'bigint':
      if (def.format !== 'uint64') return plainValue('long')
      throw unmappable(
        path,
        'a z.uint64()',
        'Half of its values are too big for a long: use z.int64(), or a z.string().',
      )
    case 'boolean':
      return plainValue('boolean')
    case 'date':
      return plainValue('timestamp')
    case 'enum':
      return ofValues(Object.values(def.entries ?? {}), path)
    case 'literal':
      return ofValues(def.values ?? [], path)
    case 'nullable':
    case 'optional':
    case 'exact_optional':
      return { ...inner(), nullable: true }
    case 'nonoptional':
      return { ...inner(), nullable: false }
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
      return inner()
    case 'pipe':
      return fromZod(def.out as ZodSchema, path)
    case 'array':
      return arrayValue(fromZod(def.element as ZodSchema, [...path, 'element']))
    case 'map':
      return mapValue(def, path)
    case 'object':
      return structValue(
        Object.entries(def.shape ?? {}).map(([name, field]) => [name, () => fromZod(field, [...path, name])] as const),
      )
    case 'union':
      return unionValue(def.options ?? [], path)
    case 'custom':
      if (bag?.Class === Uint8Array) return plainValue('binary')
      throw unmappable(path, 'a custom type of zod', 'Only z.instanceof(Uint8Array) is known, which is binary.')
    default:
      throw unmappable(path, `a z.${def.type}()`, HELP[def.type] ?? 'Use another type, or leave it out.')
  }
}

const HELP: { readonly [type: string]: string } = {
  record: 'Rows hold maps as Map: use z.map().',
  transform: 'What a function gives is not known: end it with .pipe() into a schema.',
  tuple: 'Use a z.object() or a z.array().',
  set: 'Use a z.array().',
  any: 'Say which type it has.',
  unknown: 'Say which type it has.',
  lazy: 'A column cannot contain itself.',
}

function mapValue({ keyType, valueType }: ZodDefinition, path: readonly string[]): TypedValue {
  const key = fromZod(keyType as ZodSchema, [...path, 'key'])
  const value = fromZod(valueType as ZodSchema, [...path, 'value'])
  return {
    dataType: {
      type: 'map',
      keyType: key.dataType,
      valueType: value.dataType,
      valueContainsNull: value.nullable,
    },
    nullable: false,
  }
}

/** A type or null; or several ways to say the same type. */
function unionValue(options: readonly ZodSchema[], path: readonly string[]): TypedValue {
  const values = options.filter(({ _zod }) => _zod.def.type !== 'null' && _zod.def.type !== 'undefined')
  const types = values.map((option) => fromZod(option, path))
  const [first, ...others] = types
  const isOne = others.every(({ dataType }) => JSON.stringify(dataType) === JSON.stringify(first?.dataType))
  if (first === undefined || !isOne) {
    throw unmappable(path, 'a z.union() of several types', 'A column has one type: use that of one of them.')
  }
  return { ...first, nullable: values.length < options.length || types.some(({ nullable }) => nullable) }
}

function ofValues(values: readonly unknown[], path: readonly string[]): TypedValue {
  const present = values.filter((value) => value !== null && value !== undefined)
  const kinds = new Set(present.map((value) => typeof value))
  const [kind] = kinds
  const nullable = present.length < values.length
  if (kinds.size === 1 && kind === 'string') return { ...plainValue('string'), nullable }
  if (kinds.size === 1 && kind === 'number') return { ...plainValue('double'), nullable }
  if (kinds.size === 1 && kind === 'bigint') return { ...plainValue('long'), nullable }
  if (kinds.size === 1 && kind === 'boolean') return { ...plainValue('boolean'), nullable }
  throw unmappable(path, 'a choice of values of several types', 'A column has one type.')
}
