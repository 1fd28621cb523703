import type { AddCdcFile, AddFile, RemoveFile } from '../protocol/actions/action.js'
import type { StructType } from '../schema/data-type.js'
import type { Snapshot } from '../snapshot/snapshot.js'

/** A removed file of which all is known that reading its rows takes. */
export interface RemovedFile extends RemoveFile {
  readonly size: number
  readonly partitionValues: AddFile['partitionValues']
}

/** Where changed rows of one version stand. */
export type ChangeFile =
  /** A change data file: each row says what happened to it. */
  | { readonly kind: 'recorded'; readonly file: AddCdcFile }
  /** All its live rows came. */
  | { readonly kind: 'added'; readonly file: AddFile }
  /** All rows that were live in it went. */
  | { readonly kind: 'removed'; readonly file: RemovedFile }
  /** It stayed, with another deletion vector: rows went where the new one hides more, and came back where it hides less. */
  | { readonly kind: 'masked'; readonly before: RemovedFile; readonly after: AddFile }

/** What one version changed. */
export interface VersionChanges {
  readonly version: number
  /** In ms since the epoch, as time travel counts. */
  readonly timestamp: number
  readonly files: readonly ChangeFile[]
}

/** What to read for the changes of a range of versions: plain data, no data file was opened to make it. */
export interface ChangePlan {
  /** The last version of the range: its schema is that of the rows. */
  readonly snapshot: Snapshot
  /** The first version of the range. */
  readonly from: number
  /** The columns of the table to deliver, in order. {@link CHANGE_COLUMNS} follow them. */
  readonly schema: StructType
  /** In ascending order; commits are read as they are reached. */
  versions(): AsyncIterable<VersionChanges>
}
