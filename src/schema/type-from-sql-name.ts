import type { PrimitiveName } from './data-type.js'

/** Names of types in Spark, DuckDB and PostgreSQL, upper case. */
const NAMES: { readonly [name in PrimitiveName]: readonly string[] } = {
  boolean: ['BOOLEAN', 'BOOL', 'LOGICAL'],
  byte: ['TINYINT', 'BYTE', 'INT1'],
  short: ['SMALLINT', 'SHORT', 'INT2', 'INT16'],
  integer: ['INT', 'INTEGER', 'INT4', 'INT32', 'SIGNED'],
  long: ['BIGINT', 'LONG', 'INT8', 'INT64'],
  float: ['FLOAT', 'REAL', 'FLOAT4'],
  double: ['DOUBLE', 'FLOAT8'],
  string: ['STRING', 'TEXT', 'VARCHAR', 'CHAR', 'CHARACTER', 'BPCHAR'],
  binary: ['BINARY', 'BLOB', 'BYTEA', 'VARBINARY'],
  date: ['DATE'],
  timestamp: ['TIMESTAMP', 'TIMESTAMP_LTZ', 'TIMESTAMPTZ', 'DATETIME'],
  timestamp_ntz: ['TIMESTAMP_NTZ'],
  variant: ['VARIANT'],
  void: ['VOID'],
}

const BY_NAME: ReadonlyMap<string, PrimitiveName> = new Map(
  Object.entries(NAMES).flatMap(([type, names]) => names.map((name) => [name, type as PrimitiveName])),
)

/** What to write for types that other databases have and Delta has not. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map([
  ['INTERVAL', 'BIGINT'],
  ['TIME', 'STRING or BIGINT'],
  ['UUID', 'STRING'],
  ['JSON', 'VARIANT or STRING'],
  ['ENUM', 'STRING'],
  ['BIT', 'BINARY'],
  ['UTINYINT', 'SMALLINT'],
  ['USMALLINT', 'INT'],
  ['UINTEGER', 'BIGINT'],
  ['UBIGINT', 'DECIMAL(20,0)'],
  ['HUGEINT', 'DECIMAL(38,0)'],
  ['UHUGEINT', 'DECIMAL(38,0)'],
  ['UNION', 'STRUCT or VARIANT'],
  ['GEOMETRY', 'BINARY'],
  ['GEOGRAPHY', 'BINARY'],
  ['TIMESTAMP_NS', 'TIMESTAMP_NTZ'],
  ['TIMESTAMP_MS', 'TIMESTAMP_NTZ'],
  ['TIMESTAMP_S', 'TIMESTAMP_NTZ'],
])

/** The primitive type that a SQL name without parameters stands for, in any case; undefined where there is none. */
export function typeFromSqlName(name: string): PrimitiveName | undefined {
  return BY_NAME.get(name.toUpperCase())
}

/** What to write in place of a type that Delta does not have; undefined where we know of none. */
export function replacementOfType(name: string): string | undefined {
  return REPLACEMENTS.get(name.toUpperCase())
}

/** Every name that a type can begin with. */
export function knownTypeNames(): string[] {
  return [...BY_NAME.keys(), 'DECIMAL', 'NUMERIC', 'DEC', 'ARRAY', 'MAP', 'STRUCT']
}
