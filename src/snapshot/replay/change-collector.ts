import { StateCollector, type TableState } from '../../log/replay/table-state.js'
import type { Action, RemoveFile } from '../../protocol/actions/action.js'
import { BlockBuilder } from '../files/block-builder.js'
import { FileKeys } from '../files/file-keys.js'
import { heldTombstones, type Tombstones } from '../known-tombstones.js'
import type { FileChanges } from './file-changes.js'

/** What some commits did, by what they say of the table itself and of its files. */
export interface CollectedChanges {
  readonly state: TableState
  readonly changes: FileChanges
  /** Of the files that they removed. Undefined where there are too many to hold. */
  readonly tombstones: Tombstones | undefined
}

/**
 * Folds actions that come the newest first (PROTOCOL.md, "Action Reconciliation"): of each logical file, and of each part of the state, the first one
 * counts. Files become columns at once.
 */
export class ChangeCollector {
  readonly #state = new StateCollector()
  readonly #touched = new FileKeys()
  readonly #added = new BlockBuilder()
  #tombstones: RemoveFile[] | undefined = []

  readonly visit = (action: Action): void => {
    if (action.type === 'add') {
      if (this.#touched.add(action.path, action.deletionVector)) this.#added.push(action)
    } else if (action.type === 'remove') {
      if (this.#touched.add(action.path, action.deletionVector)) this.#addTombstone(action)
    } else this.#state.visit(action)
  }

  finish(): CollectedChanges {
    const changes = { touched: this.#touched, added: this.#added.finish() }
    return { state: this.#state, changes, tombstones: this.#tombstones }
  }

  #addTombstone(remove: RemoveFile): void {
    if (this.#tombstones === undefined) return
    this.#tombstones.push(remove)
    if (heldTombstones(this.#tombstones) === undefined) this.#tombstones = undefined
  }
}

/** What one commit did, whose actions are in log order. */
export function changesOf(actions: readonly Action[]): CollectedChanges {
  const collector = new ChangeCollector()
  for (let i = actions.length - 1; i >= 0; i--) collector.visit(actions[i] as Action)
  return collector.finish()
}
