import type { AppliedRules } from '../../../engine/applied-rules.js'
import type { Metadata, Protocol } from '../../../protocol/actions/action.js'
import { type IdentityColumn, withHighWaterMarks } from '../../../protocol/rules/identity-column.js'
import { acceptedSchema, hasRowRules, type RowRules, rowRules } from '../../../protocol/rules/row-rules.js'
import type { StructType } from '../../../schema/data-type.js'

/** The rules of a table in the course of one write: what identity columns were given so far is kept from one part of it to the next. */
export class WriteRules {
  readonly #protocol: Protocol
  readonly #marks = new Map<string, bigint>()

  constructor({ protocol }: { readonly protocol: Protocol }) {
    this.#protocol = protocol
  }

  /** The rules for rows of a schema, which may have grown since the write began. @throws CorruptLog */
  of(schema: StructType, metadata: Pick<Metadata, 'configuration'>): RowRules {
    const rules = rowRules(schema, metadata, this.#protocol)
    return { ...rules, identities: rules.identities.map((identity) => this.#advanced(identity)) }
  }

  /** The schema that rows may have: computed columns may be missing. @throws CorruptLog */
  accepted(schema: StructType, metadata: Pick<Metadata, 'configuration'>): StructType {
    return acceptedSchema(schema, this.of(schema, metadata))
  }

  /** The rules as the SQL engine applies them; undefined where there are none. @param now milliseconds since the epoch */
  applied(schema: StructType, metadata: Pick<Metadata, 'configuration'>, now: number): AppliedRules | undefined {
    const rules = this.of(schema, metadata)
    if (!hasRowRules(rules)) return undefined
    return { rules, now, give: (column, value) => this.give(column, value) }
  }

  /** Takes note of the value that an identity column was given last. */
  give(column: string, value: bigint): void {
    this.#marks.set(column, value)
  }

  /** The metadata with the new high-water marks: itself where no value was given. */
  metadataAfter(metadata: Metadata, schema: StructType): Metadata {
    return this.#marks.size === 0 ? metadata : withHighWaterMarks(metadata, schema, this.#marks)
  }

  #advanced(identity: IdentityColumn): IdentityColumn {
    const mark = this.#marks.get(identity.column)
    return mark === undefined ? identity : { ...identity, highWaterMark: mark }
  }
}
