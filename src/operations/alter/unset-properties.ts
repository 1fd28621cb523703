import { DeltaError } from '../../errors/delta-error.js'
import { nearestName } from '../../errors/nearest-name.js'
import { columnMappingMode } from '../../schema/column-mapping.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkSettable } from './check-settable.js'
import { withoutEnablement } from './in-commit-timestamps.js'
import type { TableChange } from './table-change.js'

export interface UnsetOptions {
  /** Passes over properties that the table does not have. */
  readonly ifExists?: boolean | undefined
}

/**
 * Takes table properties away; their defaults hold then. The protocol stays: see `dropFeature`.
 *
 * @throws InvalidArgument for a property that the table does not have, or that it cannot do without
 */
export function unsetProperties(keys: readonly string[], { ifExists = false }: UnsetOptions): TableChange {
  checkSettable(keys)
  return (snapshot) => {
    const { configuration } = snapshot.metadata
    const present = Object.keys(configuration)
    const found = keys.flatMap((key) => {
      const own =
        present.find((each) => each === key) ?? present.find((each) => each.toLowerCase() === key.toLowerCase())
      if (own === undefined && !ifExists) throw unknown(snapshot, key)
      return own ?? []
    })
    checkMapping(snapshot, found)
    const operation = {
      operation: 'UNSET TBLPROPERTIES',
      operationParameters: { properties: [...keys], ifExists },
    }
    if (found.length === 0) return operation
    const left = Object.fromEntries(Object.entries(configuration).filter(([key]) => !found.includes(key)))
    return { ...operation, metadata: { ...snapshot.metadata, configuration: withoutEnablement(left) } }
  }
}

function unknown({ metadata, location }: Snapshot, key: string): DeltaError {
  const nearest = nearestName(key, Object.keys(metadata.configuration))
  const help = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  return new DeltaError('InvalidArgument', `${location.url} has no table property ${key}.${help}`, {
    details: { table: location.url, property: key },
  })
}

function checkMapping({ metadata }: Snapshot, keys: readonly string[]): void {
  const mode = columnMappingMode(metadata.configuration)
  if (mode === 'none' || !keys.includes('delta.columnMapping.mode')) return
  throw new DeltaError(
    'InvalidArgument',
    `delta.columnMapping.mode cannot be unset: columns are stored by other names than they have (mode ${mode}). Set it to none: data files are written anew then.`,
    { details: { property: 'delta.columnMapping.mode' } },
  )
}
