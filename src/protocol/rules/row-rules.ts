import { DeltaError } from '../../errors/delta-error.js'
import { CURRENT_DEFAULT, GENERATION_EXPRESSION } from '../../schema/column-rules.js'
import type { StructField, StructType } from '../../schema/data-type.js'
import { parseJson } from '../../schema/lossless-json.js'
import { columnName } from '../../schema/schema-error.js'
import { schemaToJson } from '../../schema/schema-json.js'
import type { Metadata, Protocol } from '../actions/action.js'
import { hasFeature } from '../features/protocol-features.js'
import { CONSTRAINT_PREFIX } from './constraint-properties.js'
import { type IdentityColumn, identityColumn } from './identity-column.js'

/** A condition that each row must fulfil: NULL does not. */
export interface RowCheck {
  /** What it is called in messages: `CHECK constraint positive`, `invariant of column x`. */
  readonly label: string
  /** Its own name, where it has one; else that of its column. */
  readonly name: string
  /** Spark SQL. */
  readonly expression: string
}

/** A column whose value an expression gives. */
interface ComputedColumn {
  readonly column: string
  /** Spark SQL. */
  readonly expression: string
}

/** What must hold for each row that is written, or is computed into it. */
export interface RowRules {
  /** CHECK constraints, then invariants (PROTOCOL.md, "CHECK Constraints" and "Column Invariants"). */
  readonly checks: readonly RowCheck[]
  /** Values of columns that a row does not mention (PROTOCOL.md, "Default Columns"). */
  readonly defaults: readonly ComputedColumn[]
  /** PROTOCOL.md, "Generated Columns". */
  readonly generated: readonly ComputedColumn[]
  /** PROTOCOL.md, "Identity Columns". */
  readonly identities: readonly IdentityColumn[]
}

const INVARIANTS = 'delta.invariants'

/**
 * The rules that a table has: those of features that its protocol supports.
 *
 * @throws CorruptLog for one that cannot be read; UnsupportedFeature for computed fields inside of structs, which Delta does not have
 */
export function rowRules(
  schema: StructType,
  { configuration }: Pick<Metadata, 'configuration'>,
  protocol: Protocol,
): RowRules {
  const constraints = hasFeature(protocol, 'checkConstraints') ? constraintsOf(configuration) : []
  const invariants = hasFeature(protocol, 'invariants') ? invariantsOf(schema, []) : []
  return {
    checks: [...constraints, ...invariants],
    defaults: hasFeature(protocol, 'allowColumnDefaults') ? computedBy(CURRENT_DEFAULT, schema) : [],
    generated: hasFeature(protocol, 'generatedColumns') ? computedBy(GENERATION_EXPRESSION, schema) : [],
    identities: hasFeature(protocol, 'identityColumns')
      ? schema.fields.flatMap((field) => identityColumn(field) ?? [])
      : [],
  }
}

/** Whether rows can be written as they are. */
export function hasRowRules({ checks, defaults, generated, identities }: RowRules): boolean {
  return [checks, defaults, generated, identities].some((rules) => rules.length > 0)
}

/** The schema that rows come in: columns that are computed may be missing. */
export function acceptedSchema({ fields }: StructType, rules: RowRules): StructType {
  const computed = computedColumns(rules)
  return {
    type: 'struct',
    fields: fields.map((field) => (computed.has(field.name) ? { ...field, nullable: true } : field)),
  }
}

/** The columns that rows may leave out, though they are not nullable. */
export function computedColumns({ defaults, generated, identities }: RowRules): ReadonlySet<string> {
  return new Set([...defaults, ...generated, ...identities].map(({ column }) => column))
}

function constraintsOf(configuration: Metadata['configuration']): RowCheck[] {
  return Object.entries(configuration)
    .filter(([key]) => key.startsWith(CONSTRAINT_PREFIX))
    .map(([key, expression]) => {
      const name = key.slice(CONSTRAINT_PREFIX.length)
      return { label: `CHECK constraint ${name}`, name, expression }
    })
}

function invariantsOf({ fields }: StructType, above: readonly string[]): RowCheck[] {
  return fields.flatMap((field) => {
    const path = [...above, field.name]
    const inner = field.dataType.type === 'struct' ? invariantsOf(field.dataType, path) : noInvariants(field, path)
    const text = field.metadata[INVARIANTS]
    if (text === undefined) return inner
    const name = columnName(path)
    return [{ label: `invariant of column ${name}`, name, expression: invariantOf(text, name) }, ...inner]
  })
}

/** Which element of a list or map such an invariant would be about, nobody says. */
function noInvariants(field: StructField, path: readonly string[]): [] {
  const inside = schemaToJson({ type: 'struct', fields: [{ ...field, metadata: {} }] })
  if (!inside.includes(JSON.stringify(INVARIANTS))) return []
  throw new DeltaError(
    'UnsupportedFeature',
    `Column ${columnName(path)} has an invariant inside of an array or map, which lakewright does not check. Write to the table with another engine.`,
    { details: { column: columnName(path) } },
  )
}

/** `{"expression": {"expression": "x > 3"}}`, as text. */
function invariantOf(text: unknown, column: string): string {
  try {
    const { expression } = (parseJson(String(text)) as { expression: { expression: unknown } }).expression
    if (typeof expression === 'string') return expression
  } catch {
    // What it holds instead is told below.
  }
  throw new DeltaError(
    'CorruptLog',
    `The invariant of column ${column} is no JSON with an expression: ${String(text).slice(0, 200)}. The schema was written by a faulty writer.`,
    { details: { column } },
  )
}

function computedBy(key: string, { fields }: StructType): ComputedColumn[] {
  return fields.flatMap(({ name, metadata }: StructField) => {
    const expression = metadata[key]
    return typeof expression === 'string' ? [{ column: name, expression }] : []
  })
}
