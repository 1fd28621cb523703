import { Option } from 'commander'
import type { SchemaContract } from '../../src/index.js'

const CONTRACTS: readonly SchemaContract[] = ['evolve', 'freeze', 'discard_row', 'discard_value']

export function contractOption(): Option {
  return new Option(
    '--contract <what>',
    'of data that does not fit the schema: change the schema, refuse it, or leave out rows or values (default: the property lakewright.schemaContract, else freeze)',
  ).choices(CONTRACTS)
}
