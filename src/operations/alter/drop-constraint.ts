import { DeltaError } from '../../errors/delta-error.js'
import { CONSTRAINT_PREFIX } from '../../protocol/rules/constraint-properties.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { findConstraint } from './find-constraint.js'
import type { TableChange } from './table-change.js'
import type { UnsetOptions } from './unset-properties.js'

/**
 * Drops a CHECK constraint.
 *
 * @throws InvalidArgument where there is none of that name, unless `ifExists`
 */
export function dropConstraint(name: string, { ifExists = false }: UnsetOptions): TableChange {
  return (snapshot) => {
    const { metadata } = snapshot
    const key = findConstraint(metadata, name)
    const expression = metadata.configuration[key ?? '']
    if (key === undefined || expression === undefined) {
      if (!ifExists) throw unknown(snapshot, name)
      return { operation: 'DROP CONSTRAINT', operationParameters: { name, existed: 'false' } }
    }
    const { [key]: _, ...configuration } = metadata.configuration
    return {
      operation: 'DROP CONSTRAINT',
      operationParameters: { name, expr: expression, existed: 'true' },
      metadata: { ...metadata, configuration },
    }
  }
}

function unknown({ metadata, location }: Snapshot, name: string): DeltaError {
  const names = Object.keys(metadata.configuration)
    .filter((key) => key.startsWith(CONSTRAINT_PREFIX))
    .map((key) => key.slice(CONSTRAINT_PREFIX.length))
  const help = names.length === 0 ? 'It has no constraints.' : `It has ${names.join(', ')}.`
  return new DeltaError('InvalidArgument', `${location.url} has no constraint ${name}. ${help}`, {
    details: { table: location.url, constraint: name },
  })
}
