import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readDeletionVector } from '../../data-files/read-deletion-vector.js'
import { matchingRowGroups } from '../../data-files/row-group-bounds.js'
import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import { bindPredicate } from '../../expressions/bind.js'
import type { BoundPredicate } from '../../expressions/bound-predicate.js'
import { ALL_NULL, type ColumnBounds } from '../../expressions/column-bounds.js'
import type { Predicate } from '../../expressions/predicate.js'
import { withStoredObject } from '../../parquet/object-source.js'
import type { ParquetFile } from '../../parquet/parquet-file.js'
import type { SchemaNode } from '../../parquet/parquet-schema.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { parsePartitionValue } from '../../protocol/partition-value.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import { mapConcurrent } from '../../runtime/map-concurrent.js'
import { type Observer, tell } from '../../runtime/observer.js'
import { columnMappingMode, fieldId, storedName } from '../../schema/column-mapping.js'
import type { StructField } from '../../schema/data-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { RemoteFiles } from './remote-files.js'
import type { StagedFile, StagedTable } from './staged-table.js'
import { hasVariant, variantNodes } from './variant-nodes.js'

/** What of a table is to be brought to local disk. */
export interface StagingRequest {
  readonly snapshot: Snapshot
  readonly files: Iterable<AddFile>
  /** Logical names of the columns that will be read; absent: all. */
  readonly columns?: ReadonlySet<string>
  /** Rows that do not fulfil it will not be missed. */
  readonly predicate?: Predicate
  /** The positions of rows in their files matter. */
  readonly rowPositions?: boolean
  /** Columns of the files that are no columns of the table, by name. */
  readonly hiddenColumns?: readonly string[]
}

export interface StagingOptions {
  readonly signal?: AbortSignal
  readonly observer?: Observer
}

/** Files that are worked on at once; their requests are limited together. */
const CONCURRENCY = 32

/** What is the same for every file of a table. */
interface Selection {
  readonly request: StagingRequest
  readonly mode: ReturnType<typeof columnMappingMode>
  /** The columns that will be read, as they are in the files. */
  readonly needsColumn: (column: SchemaNode) => boolean
  readonly predicate: BoundPredicate | undefined
  /** Set where there are variants among the columns: files have to be copied then, for many do not mark them. */
  readonly variantsOf: ((columns: readonly SchemaNode[]) => ReadonlySet<SchemaNode>) | undefined
}

interface StagedAdd {
  readonly file: StagedFile
  /** A folder that the file lies in. */
  readonly root: string
  /** Set for a copy that is not the whole file. */
  readonly release?: () => void
}

/** Brings data files to where DuckDB can open them: files of a local disk stay where they are, of remote ones only what is needed is fetched. */
export class Stager {
  readonly #remote: RemoteFiles

  constructor(remote: RemoteFiles) {
    this.#remote = remote
  }

  async stage(request: StagingRequest, options: StagingOptions = {}): Promise<StagedTable> {
    const selection = select(request)
    const staged: StagedAdd[] = []
    let released = false
    const release = (): void => {
      released = true
      for (const { release: releaseOne } of staged) releaseOne?.()
    }
    try {
      const adds = mapConcurrent(request.files, CONCURRENCY, async (add) => {
        throwIfAborted(options.signal, 'The query')
        const done = await this.#stageFile(selection, add, options.signal)
        // Another file may have failed in the meantime.
        if (released) done.release?.()
        else staged.push(done)
        return done
      })
      const inOrder: StagedAdd[] = []
      for await (const done of adds) {
        inOrder.push(done)
        tell(options.observer, { type: 'progress', operation: 'fetch', files: inOrder.length })
      }
      const roots = [...new Set(inOrder.map(({ root }) => root))]
      const isPartial = inOrder.some((done) => done.release !== undefined)
      return {
        files: inOrder.map(({ file }) => file),
        // A folder that is missing is told of by the files that should be in it.
        directories: new Set(await Promise.all(roots.map((root) => realpath(root).catch(() => root)))),
        ...(isPartial && request.columns !== undefined ? { availableColumns: request.columns } : {}),
        release,
      }
    } catch (error) {
      release()
      throw error
    }
  }

  async #stageFile(selection: Selection, add: AddFile, signal: AbortSignal | undefined): Promise<StagedAdd> {
    const { location } = selection.request.snapshot
    const { store, key } = location.resolve(add.path)
    const deletionVector = add.deletionVector && (await readDeletionVector(location, add.deletionVector, signal))
    const { partitionValues, baseRowId, defaultRowCommitVersion } = add
    const file = {
      partitionValues,
      ...(deletionVector === undefined ? {} : { deletedRows: deletionVector }),
      ...(baseRowId === undefined ? {} : { baseRowId }),
      ...(defaultRowCommitVersion === undefined ? {} : { defaultRowCommitVersion }),
    }
    const localPath = store.localPath?.(key)
    const { variantsOf } = selection
    if (localPath !== undefined && variantsOf === undefined) {
      const root = store === location.store ? fileURLToPath(store.url) : dirname(localPath)
      return { file: { ...file, localPath }, root }
    }
    try {
      const needs = {
        needsColumn: selection.needsColumn,
        ...(variantsOf && { variantsOf }),
        // Positions count the rows of all row groups.
        ...(selection.predicate === undefined || deletionVector !== undefined || selection.request.rowPositions
          ? {}
          : { chooseRowGroups: rowGroupChooser(selection, selection.predicate, add) }),
      }
      const copy = await withStoredObject(store, key, add.size, signal, (source) =>
        this.#remote.acquire({ source, ...needs }, signal),
      )
      return { file: { ...file, localPath: copy.path }, root: this.#remote.directory, release: copy.release }
    } catch (error) {
      throw isDeltaError(error, 'ObjectNotFound') ? missing(location.url, add.path, error) : error
    }
  }
}

function select(request: StagingRequest): Selection {
  const { metadata, schema } = request.snapshot
  const mode = columnMappingMode(metadata.configuration)
  const fields = schema.fields.filter(
    ({ name }) => request.columns?.has(name) !== false && !metadata.partitionColumns.includes(name),
  )
  return {
    request,
    mode,
    needsColumn: columnMatcher(fields, mode, request.hiddenColumns ?? []),
    variantsOf: fields.some(hasVariant) ? (columns) => variantNodes(columns, fields, mode) : undefined,
    predicate: request.predicate === undefined ? undefined : bindPredicate(request.predicate, schema),
  }
}

function columnMatcher(
  fields: readonly StructField[],
  mode: Selection['mode'],
  hidden: readonly string[],
): Selection['needsColumn'] {
  if (mode === 'id') {
    const ids = new Set(fields.map(fieldId))
    return ({ name, element }) =>
      hidden.includes(name) || (element.field_9 !== undefined && ids.has(Number(element.field_9)))
  }
  const names = new Set(
    [...fields.map((field) => storedName(field, mode)), ...hidden].map((name) => name.toLowerCase()),
  )
  return ({ name }) => names.has(name.toLowerCase())
}

function rowGroupChooser({ request, mode }: Selection, predicate: BoundPredicate, add: AddFile) {
  const { metadata, schema } = request.snapshot
  const partitions = new Map<string, ColumnBounds>()
  for (const field of schema.fields) {
    if (!metadata.partitionColumns.includes(field.name)) continue
    const value = parsePartitionValue(add.partitionValues[storedName(field, mode)] ?? null, field.dataType)
    partitions.set(
      field.name,
      value === null ? ALL_NULL : { min: value, max: value, mayBeNull: false, mayBeValue: true },
    )
  }
  return (file: ParquetFile): readonly number[] =>
    matchingRowGroups(file, predicate, mode, ({ path: [first = '', ...rest] }) =>
      rest.length === 0 ? partitions.get(first) : undefined,
    )
}

function missing(table: string, path: string, cause: unknown): DeltaError {
  return new DeltaError(
    'DataFileMissing',
    `The data file ${path} of table ${table} does not exist. Restore the file, or restore the table to a version that does not need it.`,
    { cause, details: { table, path } },
  )
}
