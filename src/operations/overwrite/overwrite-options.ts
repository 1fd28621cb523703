import type { TransactionId } from '../../transaction/transaction.js'
import type { FileSizing } from '../operation/new-files-target.js'
import type { OperationOptions } from '../operation/operation-options.js'
import type { SchemaContractOptions } from '../operation/schema-contract.js'
import type { SchemaInput } from '../operation/schema-input.js'
import type { Where } from '../operation/where.js'

export interface OverwriteOptions extends OperationOptions, FileSizing, SchemaContractOptions {
  /** Replaces only rows for which it is true; the new rows must fulfil it too. On partition columns alone it replaces whole files. */
  readonly replaceWhere?: Where | undefined
  /** Replaces only the partitions that the new rows fall into. */
  readonly dynamicPartitions?: boolean | undefined
  /** Lets the table take another schema: `schema`, else that of the Arrow data or files. */
  readonly overwriteSchema?: boolean | undefined
  /** With `overwriteSchema` the new schema; with `mergeSchema` the types of columns that plain rows bring. */
  readonly schema?: SchemaInput | undefined
  /** With `overwriteSchema`. Default: the partition columns that the table has. */
  readonly partitionBy?: readonly string[] | undefined
  /** Makes the load idempotent: where this version (or a later one) of the application id is committed, nothing is written. */
  readonly txn?: TransactionId | undefined
  /** Free text for the history. */
  readonly userMetadata?: string | undefined
}
