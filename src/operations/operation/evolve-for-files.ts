import { tell } from '../../runtime/observer.js'
import type { SchemaChange } from '../../schema/evolve/schema-change.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { type EvolvedTable, evolveTable } from './evolve-table.js'
import type { FileSource } from './file-source.js'
import { inferFileSchema } from './infer-file-schema.js'
import type { OperationOptions } from './operation-options.js'
import { sourceFiles } from './source-files.js'

/** The types of text are guesses: good enough for a column that has none, no reason to change one that has. */
const TEXTUAL: readonly string[] = ['csv', 'ndjson']

/**
 * What a table becomes so that the rows of files fit. Timestamps without a zone become UTC ones, which the observer is told.
 *
 * @throws ObjectNotFound, InvalidInput for files; as `evolveTable` for what they hold
 */
export async function evolveForFiles(
  table: Pick<Snapshot, 'protocol' | 'metadata' | 'schema' | 'location'>,
  source: FileSource,
  options: OperationOptions,
): Promise<EvolvedTable> {
  let { metadata, schema } = table
  let changes: readonly SchemaChange[] = []
  for (const [format, patterns] of await sourceFiles(source)) {
    const { schema: incoming, assumedUtc } = await inferFileSchema({ source: 'files', patterns, format }, options)
    const isGuess = TEXTUAL.includes(format)
    const evolved = evolveTable({ ...table, metadata, schema }, incoming, { mayWiden: !isGuess })
    const added = new Set(evolved.changes.map(({ path }) => path[0]))
    const naive = assumedUtc.filter((name) => added.has(name))
    if (naive.length > 0) {
      const message = `Timestamps of ${naive.join(', ')} have no zone and are taken as UTC.`
      tell(options.observer, { type: 'warning', message })
    }
    ;({ metadata, schema } = evolved)
    changes = [...changes, ...evolved.changes]
  }
  return { metadata, schema, changes }
}
