import type { DiscardMisfits } from '../../engine/query-engine.js'
import type { AddFile, Metadata } from '../../protocol/actions/action.js'
import type { StructType } from '../../schema/data-type.js'
import type { SchemaChange } from '../../schema/evolve/schema-change.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { DiscardCounter } from './discard-counter.js'
import { discardFiles } from './discard-files.js'
import { discardMisfits } from './discard-misfits.js'
import { evolveForFiles } from './evolve-for-files.js'
import { type EvolvedTable, evolveTable } from './evolve-table.js'
import { EvolvingRows } from './evolving-rows.js'
import { isFileSource } from './file-source.js'
import { type FileSizing, newFilesTarget } from './new-files-target.js'
import type { OperationOptions } from './operation-options.js'
import { checkRowsInput, type RowsInput } from './rows-input.js'
import { WriteRules } from './rules/write-rules.js'
import { contractOf, type SchemaContractOptions } from './schema-contract.js'
import { readSchema } from './schema-input.js'
import { writeInput } from './write-input.js'

/** Data files for a table, and what became of the table so that they fit. */
export interface ContractedWrite {
  readonly files: readonly AddFile[]
  /** Of the table that the files were written for. */
  readonly metadata: Metadata
  readonly schema: StructType
  /** None where the table is as it was. */
  readonly changes: readonly SchemaChange[]
  /** Whether identity columns were given values, which the metadata records. */
  readonly isNumbered: boolean
  /** What the contract did: nothing in it where it had nothing to do. */
  readonly metrics: { readonly [name: string]: number }
}

/** Without what identity columns make of it. */
type PlainWrite = Omit<ContractedWrite, 'isNumbered'>
type Options = OperationOptions & FileSizing & SchemaContractOptions
/** The table that rows are written to: as the snapshot has it, or with more columns. */
type Table = Pick<Snapshot, 'protocol' | 'metadata' | 'schema' | 'location'>

/**
 * Writes rows as data files that no version has yet, in keeping with the contract between the data and the schema of the table. `evolve` lets the schema grow in the middle of a stream: files
 * that were finished before lack the new columns, which readers take as null.
 *
 * @throws as `writeInput`; InvalidSchema, UnsupportedFeature for columns that the table cannot take. No file is left then.
 */
export async function writeContracted(table: Table, rows: RowsInput, options: Options): Promise<ContractedWrite> {
  checkRowsInput(rows)
  const state = new WriteRules(table)
  const written = await writeByContract(table, rows, options, state)
  const metadata = state.metadataAfter(written.metadata, written.schema)
  return { ...written, metadata, isNumbered: metadata !== written.metadata }
}

async function writeByContract(
  table: Table,
  rows: RowsInput,
  options: Options,
  state: WriteRules,
): Promise<PlainWrite> {
  const { metadata, schema } = table
  const contract = contractOf(metadata, options)
  switch (contract) {
    case 'freeze':
      return { files: await write(table, rows, options, state), metadata, schema, changes: [], metrics: {} }
    case 'evolve':
      return writeEvolving(table, rows, options, state)
    case 'discard_row':
    case 'discard_value': {
      const what = contract === 'discard_row' ? 'row' : 'value'
      const discarded = new DiscardCounter(what)
      const fitting = isFileSource(rows) ? rows : discardMisfits(rows, state.accepted(schema, metadata), discarded)
      const files = await write(table, fitting, options, state, discarded)
      return { files, metadata, schema, changes: [], metrics: discarded.metrics }
    }
  }
}

function write(
  table: Table,
  rows: RowsInput,
  options: Options,
  state: WriteRules,
  discard?: DiscardMisfits,
): Promise<AddFile[]> {
  return writeInput(table.location, newFilesTarget(table, options), rows, options, state, discard)
}

async function writeEvolving(table: Table, rows: RowsInput, options: Options, state: WriteRules): Promise<PlainWrite> {
  if (options.schema !== undefined || isFileSource(rows)) {
    const evolved = await evolveAtOnce(table, rows, options)
    return evolvedWrite(evolved, await write({ ...table, ...evolved }, rows, options, state))
  }
  const files: AddFile[] = []
  let grown: EvolvedTable = unchanged(table)
  try {
    for await (const stage of new EvolvingRows(table, rows)) {
      files.push(...(await write({ ...table, ...stage.table }, stage.items, options, state)))
      grown = stage.table
    }
  } catch (error) {
    await discardFiles(table.location, files)
    throw error
  }
  return evolvedWrite(grown, files)
}

/** Where the schema of all the data is known before it is read. */
async function evolveAtOnce(table: Table, rows: RowsInput, options: Options): Promise<EvolvedTable> {
  if (options.schema !== undefined) return evolveTable(table, readSchema(options.schema))
  return isFileSource(rows) ? evolveForFiles(table, rows, options) : unchanged(table)
}

function unchanged({ metadata, schema }: Table): EvolvedTable {
  return { metadata, schema, changes: [] }
}

function evolvedWrite({ metadata, schema, changes }: EvolvedTable, files: readonly AddFile[]): PlainWrite {
  const added = changes.filter(({ change }) => change === 'added').length
  const widened = changes.length - added
  const metrics = {
    ...(added > 0 && { numAddedColumns: added }),
    ...(widened > 0 && { numWidenedColumns: widened }),
  }
  return { files, metadata, schema, changes, metrics }
}
