import type { AddFile } from '../../src/protocol/actions/action.js'
import type { StructType } from '../../src/schema/data-type.js'
import { schemaToJson } from '../../src/schema/schema-json.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { BlockBuilder } from '../../src/snapshot/files/block-builder.js'
import type { LiveBlock } from '../../src/snapshot/files/live-block.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'

interface SnapshotParts {
  /** SQL text, or a schema. */
  readonly schema: string | StructType
  readonly partitionColumns?: readonly string[]
  readonly configuration?: { readonly [key: string]: string }
  /** A chunk of files each. */
  readonly chunks: readonly (readonly Partial<AddFile>[])[]
}

/** A version of a table that exists in memory only, for what needs no storage. Counts how often statistics were loaded. */
export function snapshotOf(parts: SnapshotParts): Snapshot & { readonly loads: number } {
  const schema = typeof parts.schema === 'string' ? parseSchemaText(parts.schema) : parts.schema
  let loads = 0
  const chunks = parts.chunks.flatMap((files, c) => {
    const built = chunksOf(files.map((file, i) => ({ ...FILE, path: `part-${c}-${i}`, ...file })))
    for (const chunk of built) {
      chunk.loadStatistics = async () => {
        loads++
      }
    }
    return built
  })
  const snapshot = {
    version: 0,
    timestamp: 0,
    protocol: { type: 'protocol', minReaderVersion: 2, minWriterVersion: 5 },
    metadata: {
      type: 'metaData',
      id: 'id',
      format: { provider: 'parquet' },
      schemaString: schemaToJson(schema),
      partitionColumns: parts.partitionColumns ?? [],
      configuration: parts.configuration ?? {},
    },
    schema,
    files: async () => ({ numFiles: chunks.reduce((sum, { length }) => sum + length, 0), sizeInBytes: 0, chunks }),
    get loads() {
      return loads
    },
  }
  return snapshot as unknown as Snapshot & { readonly loads: number }
}

/** One chunk; none where there is no file. */
function chunksOf(files: readonly AddFile[]): readonly LiveBlock[] {
  const builder = new BlockBuilder()
  for (const file of files.toReversed()) builder.push(file)
  return builder.finish().chunks
}

const FILE: AddFile = {
  type: 'add',
  path: '',
  partitionValues: {},
  size: 1,
  modificationTime: 0,
  dataChange: true,
}
