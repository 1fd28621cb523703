import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { QueryOptions } from '../../query-engine.js'
import type { ParsedRowChange, RowChangeRequest } from '../../row-change.js'
import type { EngineContext } from '../engine-context.js'
import { runStatement } from '../run-statement.js'
import type { ChangeRelations } from './change-relations.js'
import { connectSource, SOURCE_CONTEXT } from './connect-source.js'

/** Smaller sources are found fast either way; to count the keys of larger ones takes longer than it saves. */
const FEWEST_ROWS = 10_000
const MOST_ROWS = 2_000_000
/** More rows of the source with one value would each be compared with all rows of the table that have it. */
const MOST_ALIKE = 8
const MOST_KEYS = 4

/**
 * Of several columns that must be equal, the one that all but tells the rows of the source apart. Rows of a table often stand in the order of such a column, and then a join by it alone finds
 * most of its hash table in the processor's cache, where a join by all columns jumps about in it; what is found is compared in full afterwards.
 */
export async function leadingKey(
  engine: EngineContext,
  { change: { keys }, source }: RowChangeRequest,
  names: ChangeRelations,
  { signal }: QueryOptions,
): Promise<ParsedRowChange['keys'][number] | undefined> {
  if (source === undefined || keys.length < 2 || keys.length > MOST_KEYS) return undefined
  if (source.numRows < FEWEST_ROWS || source.numRows > MOST_ROWS) return undefined
  const counts = keys.map((key, i) => {
    const column = `${names.source}.${quoteIdentifier(key.source)}`
    const groups = `SELECT count(*) AS n FROM ${names.source} WHERE ${column} IS NOT NULL GROUP BY ${column}`
    return `(SELECT max(n) FROM (${groups})) AS n${i}`
  })
  const { connection, release } = await connectSource(engine, source, names)
  try {
    const [row] = await runStatement(connection, `SELECT ${counts.join(', ')}`, SOURCE_CONTEXT, { signal })
    const alike = keys.map((_, i) => Number(row?.[`n${i}`] ?? 0))
    const least = Math.min(...alike)
    return least <= MOST_ALIKE ? keys[alike.indexOf(least)] : undefined
  } finally {
    release()
  }
}
