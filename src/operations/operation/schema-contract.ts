import { DeltaError } from '../../errors/delta-error.js'
import type { Metadata } from '../../protocol/actions/action.js'
import { SCHEMA_CONTRACT, type SchemaContract } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { SchemaInput } from './schema-input.js'

/** What a write does with data that does not fit the schema. */
export interface SchemaContractOptions {
  /** Adds columns and fields that the data has and the table lacks, at any depth, and widens types where the table allows it: `contract: 'evolve'` in short. */
  readonly mergeSchema?: boolean | undefined
  /**
   * `evolve`: the schema makes room; `freeze`: the write is refused; `discard_row`: rows that do not fit are left out; `discard_value`: values that do not fit become null, and those of unknown
   * columns are left out. What was left out is counted in the metrics. Default: the table property `lakewright.schemaContract`, else `freeze`.
   */
  readonly contract?: SchemaContract | undefined
  /** With `mergeSchema`: the types of columns that plain rows bring. Default: by the values, `number` as double and `bigint` as long. */
  readonly schema?: SchemaInput | undefined
}

/**
 * The contract of one write.
 *
 * @throws InvalidArgument for options that contradict each other, or a contract that there is not
 */
export function contractOf(
  metadata: Metadata,
  { mergeSchema, contract, schema }: SchemaContractOptions,
): SchemaContract {
  if (contract !== undefined && SCHEMA_CONTRACT.parse(contract) === undefined) {
    throw new DeltaError('InvalidArgument', `contract must be ${SCHEMA_CONTRACT.expected}, not '${contract}'.`)
  }
  if (mergeSchema && contract !== undefined && contract !== 'evolve') {
    throw new DeltaError('InvalidArgument', `mergeSchema and the contract ${contract} contradict each other: give one.`)
  }
  const ofTable = tableProperty(metadata, SCHEMA_CONTRACT)
  const result = mergeSchema
    ? 'evolve'
    : (contract ?? (mergeSchema === false && ofTable === 'evolve' ? 'freeze' : ofTable))
  if (schema !== undefined && result !== 'evolve') {
    throw new DeltaError(
      'InvalidArgument',
      'A schema beside rows says what types new columns get: it needs mergeSchema.',
    )
  }
  return result
}
