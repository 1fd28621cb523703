import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SourceRows } from '../../row-change.js'
import type { EngineContext } from '../engine-context.js'
import type { Lease } from '../instance-pool.js'
import type { ChangeRelations } from './change-relations.js'
import { readSource, sourceColumns } from './spool-query.js'

/** A connection that knows the source of a change, and can write for it. */
export async function connectSource(engine: EngineContext, source: SourceRows, names: ChangeRelations): Promise<Lease> {
  const lease = await engine.instances.connect([
    ...source.paths.map((path) => dirname(path)),
    await realpath(engine.workDirectory),
  ])
  try {
    await createSource(lease, source, names)
    return lease
  } catch (error) {
    lease.release()
    throw error
  }
}

export async function createSource({ connection }: Lease, source: SourceRows, names: ChangeRelations): Promise<void> {
  const columns = sourceColumns(source)
  const position = `((CAST(file_index AS BIGINT) << 40) + file_row_number) AS ${names.sourceRow}`
  await connection.run(
    `CREATE TEMP VIEW ${names.source} AS SELECT ${[...columns, position].join(', ')} FROM ${readSource(source)}`,
  )
}
