import { uniteDeletionVectors } from '../../../data-files/unite-deletion-vectors.js'
import type { Metadata } from '../../../protocol/actions/action.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import type { ReadSet } from '../../../transaction/transaction.js'
import { commitWrite } from '../commit-write.js'
import { commitOrDiscard } from '../discard-files.js'
import type { DecidedFile } from './decide-files.js'
import type { ChangedRows, PreparedChange, RowChangeKind } from './row-change-kind.js'
import type { RowChangeOptions } from './row-change-options.js'
import type { StagedChange } from './stage-change.js'

/** Commits what was staged; where that fails, its files are deleted as far as that works. Errors as `commitWrite`. */
export async function commitChange(
  snapshot: Snapshot,
  kind: RowChangeKind,
  {
    predicate,
    metadata,
    rowsApart,
    operationParameters,
    actions = [],
  }: PreparedChange & { readonly metadata: Metadata },
  files: readonly DecidedFile[],
  staged: StagedChange,
  metrics: { readonly [name: string]: number },
  options: RowChangeOptions,
): Promise<ChangedRows> {
  const { txn, userMetadata } = options
  const read: ReadSet = {
    ...(predicate === undefined ? { wholeTable: true } : { predicate }),
    files: files.map(({ file }) => file.path),
  }
  return commitOrDiscard(snapshot.location, staged.paths, () =>
    commitWrite(
      snapshot,
      {
        operation: kind.operation,
        operationParameters,
        metrics,
        rowIdsKept: true,
        actions: [...(metadata === snapshot.metadata ? [] : [metadata]), ...staged.actions, ...actions],
        read,
        ...(rowsApart && {
          uniteVectors: (changed, abort) => uniteDeletionVectors(snapshot.location, changed, abort),
        }),
        ...(txn && { txn }),
        ...(userMetadata !== undefined && { userMetadata }),
      },
      options,
    ),
  )
}
