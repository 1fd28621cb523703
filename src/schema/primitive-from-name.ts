import type { DecimalType, PrimitiveName, PrimitiveType } from './data-type.js'

const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveName>([
  'boolean',
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'string',
  'binary',
  'date',
  'timestamp',
  'timestamp_ntz',
  'variant',
  'void',
])

/** Other names that Spark reads: `null` is what `void` was called before Spark 3. */
const SYNONYMS: { readonly [name: string]: PrimitiveName } = { null: 'void', timestamp_ltz: 'timestamp' }

const DECIMAL = /^decimal(?:\(\s*(\d{1,2})\s*,\s*(-?\d{1,2})\s*\))?$/
const CHARACTERS = /^(?:char|varchar)\(\s*\d+\s*\)$/

/**
 * The type behind a name of the schema JSON (PROTOCOL.md, "Primitive Types"); undefined where the protocol has no such type. A plain `decimal` is
 * `decimal(10,0)`; `char(n)` and `varchar(n)` of old writers are strings.
 */
export function primitiveFromName(name: string): PrimitiveType | DecimalType | undefined {
  if (PRIMITIVES.has(name)) return { type: name as PrimitiveName }
  if (Object.hasOwn(SYNONYMS, name)) return { type: SYNONYMS[name] as PrimitiveName }
  if (CHARACTERS.test(name)) return { type: 'string' }
  const decimal = DECIMAL.exec(name)
  if (decimal === null) return undefined
  const precision = Number(decimal[1] ?? 10)
  const scale = Number(decimal[2] ?? 0)
  const fits = precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision
  return fits ? { type: 'decimal', precision, scale } : undefined
}

/** Whether a name is one of the types with a length that old writers put into the schema JSON. */
export function isCharacterType(name: string): boolean {
  return CHARACTERS.test(name)
}
