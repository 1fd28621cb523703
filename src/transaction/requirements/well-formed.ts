import { DeltaError } from '../../errors/delta-error.js'
import type { Action } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import { actionsOf } from '../file-actions.js'
import type { TargetTable } from './target-table.js'

/**
 * Passes if no action of a commit reconciles with another of it (PROTOCOL.md, "Delta Log Entries", "Add File and Remove File"), and all domains
 * are allowed. Internal otherwise, before anything is written.
 */
export function checkWellFormed(
  actions: readonly Action[],
  { protocol }: Pick<TargetTable, 'protocol' | 'metadata'>,
): void {
  noTwo(
    'protocol',
    actionsOf(actions, 'protocol').map(() => 'action'),
  )
  noTwo(
    'metadata',
    actionsOf(actions, 'metaData').map(() => 'action'),
  )
  noTwo(
    'add of',
    actionsOf(actions, 'add').map(({ path }) => path),
  )
  noTwo(
    'remove of',
    actionsOf(actions, 'remove').map(({ path }) => path),
  )
  noTwo(
    'transaction of',
    actionsOf(actions, 'txn').map(({ appId }) => appId),
  )
  const domains = actionsOf(actions, 'domainMetadata').map(({ domain }) => domain)
  noTwo('metadata domain', domains)
  if (domains.length > 0 && !hasFeature(protocol, 'domainMetadata')) {
    fail(`the metadata domain ${domains[0]} where the protocol of the table lists no domainMetadata`)
  }
  for (const { path, deletionVector, stats } of actionsOf(actions, 'add')) {
    if (deletionVector !== undefined && !hasFeature(protocol, 'deletionVectors')) {
      fail(`a deletion vector for ${path} where the protocol of the table lists no deletionVectors`)
    }
    if (deletionVector !== undefined && !/"numRecords"\s*:/.test(stats ?? ''))
      fail(`a deletion vector for ${path} without numRecords`)
  }
}

function noTwo(what: string, keys: readonly string[]): void {
  const seen = new Set<string>()
  for (const key of keys) {
    if (seen.has(key)) fail(`more than one ${what} ${key}`)
    seen.add(key)
  }
}

function fail(what: string): never {
  throw new DeltaError(
    'Internal',
    `A commit would hold ${what}. Nothing was written. This is a defect of lakewright; please report it.`,
  )
}
