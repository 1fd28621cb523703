import type { RecordBatch, Schema } from 'apache-arrow'
import type { DeltaSchemaOptions } from '../../arrow/delta-schema.js'
import type { StructType } from '../../schema/data-type.js'
import { dropUnknownNulls } from '../../schema/evolve/drop-unknown-nulls.js'
import { inferNewFields } from '../../schema/evolve/infer-new-fields.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { type EvolvedTable, evolveTable } from './evolve-table.js'
import { inputGroups } from './rows-input.js'

type Table = Pick<Snapshot, 'protocol' | 'metadata' | 'schema' | 'location'>
type Group = RecordBatch | object[]

/** Rows that fit the same schema. */
export interface EvolvingStage {
  /** With all changes since the first stage. */
  readonly table: EvolvedTable
  /** Must be read to its end before the next stage is asked for. */
  readonly items: AsyncIterable<object>
}

/** A stream of rows or Arrow data cut into stages: in each the schema has what the one before lacked. Reads no further ahead than one group of rows. */
export class EvolvingRows {
  readonly #groups: AsyncGenerator<Group, void, undefined>
  readonly #location: Table['location']
  readonly #protocol: Table['protocol']
  #table: EvolvedTable
  #next: Group | undefined

  constructor({ protocol, metadata, schema, location }: Table, rows: Parameters<typeof inputGroups>[0]) {
    this.#groups = inputGroups(rows)
    this.#location = location
    this.#protocol = protocol
    this.#table = { metadata, schema, changes: [] }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<EvolvingStage, void, undefined> {
    const { deltaSchema } = await import('../../arrow/delta-schema.js')
    await this.#advance()
    while (this.#next !== undefined) {
      const { metadata, schema, changes } = this.#evolve(this.#next, deltaSchema)
      this.#table = { metadata, schema, changes: [...this.#table.changes, ...changes] }
      yield { table: this.#table, items: this.#stage(this.#next, deltaSchema) }
    }
  }

  async *#stage(first: Group, deltaSchema: ArrowReader): AsyncGenerator<object, void, undefined> {
    let group: Group | undefined = first
    do {
      if (Array.isArray(group)) yield* dropUnknownNulls(group, this.#table.schema)
      else yield group
      group = await this.#advance()
    } while (group !== undefined && this.#evolve(group, deltaSchema).changes.length === 0)
  }

  #evolve(group: Group, deltaSchema: ArrowReader): EvolvedTable {
    const { metadata, schema } = this.#table
    const incoming = Array.isArray(group) ? inferNewFields(group, schema) : deltaSchema(group.schema)
    return evolveTable({ protocol: this.#protocol, metadata, schema, location: this.#location }, incoming)
  }

  async #advance(): Promise<Group | undefined> {
    const { value, done } = await this.#groups.next()
    this.#next = done ? undefined : value
    return this.#next
  }
}

type ArrowReader = (schema: Schema, options?: DeltaSchemaOptions) => StructType
