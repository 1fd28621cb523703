import type { DuckDBConnection } from '@duckdb/node-api'
import { isDeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { DataType } from '../../../schema/data-type.js'
import { runStatement } from '../run-statement.js'
import { convert } from './convert.js'
import { LOAD_CONTEXT, type LoadSource } from './load-source.js'

/** A type that a column of text may have. */
export interface Candidate {
  readonly type: DataType
  /** What the texts must fulfil beside being readable as the type: SQL over one that is trimmed and not empty. */
  readonly looks?: (text: string) => string
}

/** Rows that candidates are sorted out by before all rows are read. */
const FIRST_ROWS = 2048

/**
 * The first type of each column that every row of some text files fits, as the load will read them: what is found here loads. Columns without a value, and those that
 * nothing fits, are left out.
 *
 * @param candidates by column, the narrowest first
 */
export async function fittingTypes(
  connection: DuckDBConnection,
  sources: readonly LoadSource[],
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  signal: AbortSignal | undefined,
): Promise<Map<string, DataType>> {
  const first = (source: LoadSource): string => `(SELECT * FROM ${source.from(source.files)} LIMIT ${FIRST_ROWS})`
  let open = (await misfits(connection, sources, candidates, first, signal)).fitting
  const found = new Map<string, DataType>()
  while (open.size > 0) {
    const tried = new Map([...open].map(([name, [candidate]]) => [name, candidate === undefined ? [] : [candidate]]))
    const all = await misfits(connection, sources, tried, (source) => source.from(source.files), signal)
    const left = new Map<string, readonly Candidate[]>()
    for (const [name, [candidate, ...others]] of open) {
      if (candidate === undefined || !all.filled.has(name)) continue
      if (all.fitting.get(name)?.length) found.set(name, candidate.type)
      else if (others.length > 0) left.set(name, others)
    }
    open = left
  }
  return found
}

interface Verdict {
  /** Those candidates that no row misfits. */
  readonly fitting: Map<string, readonly Candidate[]>
  /** Columns that have a value. */
  readonly filled: ReadonlySet<string>
}

/** Reads rows of all sources once. */
async function misfits(
  connection: DuckDBConnection,
  sources: readonly LoadSource[],
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  rowsOf: (source: LoadSource) => string,
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  const filled = new Set<string>()
  const fitting = new Map([...candidates].filter(([, types]) => types.length > 0))
  for (const source of sources) {
    const columns = source.columns.filter(({ name }) => fitting.has(name))
    if (columns.length === 0) continue
    const sql = columns.flatMap(({ name, type }, i) => {
      const x = quoteIdentifier(name)
      const tests = (fitting.get(name) ?? []).map((candidate) => misfitSql(x, name, type, candidate))
      return [`count(${x}) AS v${i}`, ...tests.map((test, j) => `count_if(${test}) AS m${i}_${j}`)]
    })
    const [row] = await runStatement(connection, `SELECT ${sql.join(', ')} FROM ${rowsOf(source)}`, LOAD_CONTEXT, {
      signal,
    })
    columns.forEach(({ name }, i) => {
      if (Number(row?.[`v${i}`]) > 0) filled.add(name)
      const left = fitting.get(name)?.filter((_, j) => Number(row?.[`m${i}_${j}`]) === 0)
      fitting.set(name, left ?? [])
    })
  }
  return { fitting, filled }
}

function misfitSql(
  x: string,
  name: string,
  from: LoadSource['columns'][number]['type'],
  { type, looks }: Candidate,
): string {
  try {
    const { checks } = convert(x, from, type, true, { textual: true, path: [name] })
    const text = `nullif(trim(${x}), '')`
    const odd = looks === undefined ? [] : [`(${text} IS NOT NULL AND NOT coalesce(${looks(text)}, FALSE))`]
    return [...odd, ...checks.map(({ condition }) => `coalesce(${condition}, FALSE)`), 'FALSE'].join(' OR ')
  } catch (error) {
    if (isDeltaError(error, 'SchemaMismatch')) return 'TRUE'
    throw error
  }
}
