import type { DomainMetadata, Metadata, Protocol, SetTransaction } from '../../protocol/actions/action.js'
import type { CommitActions } from './commit-actions.js'

/** All of a version but its files; what a reader has not come across yet is undefined. */
export interface TableState {
  readonly protocol: Protocol | undefined
  readonly metadata: Metadata | undefined
  /** By application id. */
  readonly transactions: ReadonlyMap<string, SetTransaction>
  /** By domain, removed ones included: they hide what older states have. */
  readonly domains: ReadonlyMap<string, DomainMetadata>
}

export const EMPTY_STATE: TableState = {
  protocol: undefined,
  metadata: undefined,
  transactions: new Map(),
  domains: new Map(),
}

/** The state after more commits, oldest first: what is newer wins (PROTOCOL.md, "Action Reconciliation"). */
export function advanceState(state: TableState, commits: Iterable<CommitActions>): TableState {
  let { protocol, metadata } = state
  let transactions: Map<string, SetTransaction> | undefined
  let domains: Map<string, DomainMetadata> | undefined
  for (const { actions } of commits) {
    for (const action of actions) {
      switch (action.type) {
        case 'protocol':
          protocol = action
          break
        case 'metaData':
          metadata = action
          break
        case 'txn':
          transactions ??= new Map(state.transactions)
          transactions.set(action.appId, action)
          break
        case 'domainMetadata':
          domains ??= new Map(state.domains)
          domains.set(action.domain, action)
          break
        default:
          break
      }
    }
  }
  return {
    protocol,
    metadata,
    transactions: transactions ?? state.transactions,
    domains: domains ?? state.domains,
  }
}

/** What `newer` says, and where it says nothing, what `older` says. */
export function overlayState(older: TableState, newer: TableState): TableState {
  return {
    protocol: newer.protocol ?? older.protocol,
    metadata: newer.metadata ?? older.metadata,
    transactions: new Map([...older.transactions, ...newer.transactions]),
    domains: new Map([...older.domains, ...newer.domains]),
  }
}
