import type { Action, DomainMetadata, Metadata, Protocol, SetTransaction } from '../../protocol/actions/action.js'

/** All of a version but its files; what a reader has not come across yet is undefined. */
export interface TableState {
  readonly protocol: Protocol | undefined
  readonly metadata: Metadata | undefined
  /** By application id. */
  readonly transactions: ReadonlyMap<string, SetTransaction>
  /** By domain, removed ones included: they hide what older states have. */
  readonly domains: ReadonlyMap<string, DomainMetadata>
}

/** What `newer` says, and where it says nothing, what `older` says (PROTOCOL.md, "Action Reconciliation"). */
export function overlayState(older: TableState, newer: TableState): TableState {
  return {
    protocol: newer.protocol ?? older.protocol,
    metadata: newer.metadata ?? older.metadata,
    transactions: overlayMap(older.transactions, newer.transactions),
    domains: overlayMap(older.domains, newer.domains),
  }
}

function overlayMap<T>(older: ReadonlyMap<string, T>, newer: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  if (newer.size === 0) return older
  return older.size === 0 ? newer : new Map([...older, ...newer])
}

/** Collects the state from actions that come the newest first: of each the first one counts. */
export class StateCollector implements TableState {
  protocol: Protocol | undefined
  metadata: Metadata | undefined
  readonly transactions: Map<string, SetTransaction> = new Map()
  readonly domains: Map<string, DomainMetadata> = new Map()

  visit(action: Action): void {
    switch (action.type) {
      case 'protocol':
        this.protocol ??= action
        break
      case 'metaData':
        this.metadata ??= action
        break
      case 'txn':
        if (!this.transactions.has(action.appId)) this.transactions.set(action.appId, action)
        break
      case 'domainMetadata':
        if (!this.domains.has(action.domain)) this.domains.set(action.domain, action)
        break
      default:
        break
    }
  }
}
