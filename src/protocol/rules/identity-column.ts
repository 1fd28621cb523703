import { DeltaError } from '../../errors/delta-error.js'
import { IDENTITY } from '../../schema/column-rules.js'
import type { JsonValue, StructField, StructType } from '../../schema/data-type.js'
import { schemaToJson } from '../../schema/schema-json.js'
import type { Metadata } from '../actions/action.js'

/** A column whose values a writer numbers (PROTOCOL.md, "Identity Columns"). */
export interface IdentityColumn {
  readonly column: string
  readonly start: bigint
  readonly step: bigint
  /** The value given last; undefined before any. */
  readonly highWaterMark: bigint | undefined
  /** Whether rows may bring values of their own. */
  readonly allowExplicitInsert: boolean
}

/** What a field says of its numbering; undefined where it has none. CorruptLog where it says it wrongly. */
export function identityColumn({ name, dataType, metadata }: StructField): IdentityColumn | undefined {
  if (metadata[IDENTITY.start] === undefined && metadata[IDENTITY.step] === undefined) return undefined
  const start = longOf(metadata[IDENTITY.start])
  const step = longOf(metadata[IDENTITY.step])
  const mark = metadata[IDENTITY.highWaterMark]
  const highWaterMark = longOf(mark)
  const allow = metadata[IDENTITY.allowExplicitInsert]
  const isValid = start !== undefined && step !== undefined && step !== 0n && typeof allow === 'boolean'
  if (!isValid || (mark !== undefined && highWaterMark === undefined) || dataType.type !== 'long') {
    throw new DeltaError(
      'CorruptLog',
      `Identity column ${name} is not described as the protocol says: a BIGINT with start, step and whether values may be given. The schema was written by a faulty writer.`,
      { details: { column: name } },
    )
  }
  return { column: name, start, step, highWaterMark, allowExplicitInsert: allow }
}

/** The value after the high-water mark, or the first one. */
export function nextIdentity({ start, step, highWaterMark }: IdentityColumn): bigint {
  return highWaterMark === undefined ? start : highWaterMark + step
}

/** The value that the last of some rows gets. */
export function lastIdentity(identity: IdentityColumn, rows: bigint): bigint {
  return nextIdentity(identity) + identity.step * (rows - 1n)
}

/** The metadata of a table whose identity columns have new high-water marks, by name. */
export function withHighWaterMarks(
  metadata: Metadata,
  schema: StructType,
  marks: ReadonlyMap<string, bigint>,
): Metadata {
  const fields = schema.fields.map((field) => {
    const mark = marks.get(field.name)
    return mark === undefined ? field : { ...field, metadata: { ...field.metadata, [IDENTITY.highWaterMark]: mark } }
  })
  return { ...metadata, schemaString: schemaToJson({ type: 'struct', fields }) }
}

/**
 * The metadata of an older version that becomes the newest, with the high-water marks that were reached since: values that were given once are not given again.
 *
 * @param schema of that metadata
 * @param current what stands now
 */
export function keepHighWaterMarks(metadata: Metadata, schema: StructType, current: StructType): Metadata {
  const marks = new Map<string, bigint>()
  for (const field of schema.fields) {
    const identity = identityColumn(field)
    const now = current.fields.find(({ name }) => name === field.name)
    const reached = now === undefined ? undefined : identityColumn(now)?.highWaterMark
    if (identity === undefined || reached === undefined) continue
    const { highWaterMark, step } = identity
    if (highWaterMark === undefined || (reached - highWaterMark) * step > 0n) marks.set(field.name, reached)
  }
  return marks.size === 0 ? metadata : withHighWaterMarks(metadata, schema, marks)
}

/** A 64-bit integer of the JSON. */
function longOf(value: JsonValue | undefined): bigint | undefined {
  const isInteger = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
  if (!isInteger) return undefined
  const long = BigInt(value)
  return BigInt.asIntN(64, long) === long ? long : undefined
}
