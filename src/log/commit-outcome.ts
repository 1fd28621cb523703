/** How one try to write `<version>.json` ended. A conflict is a value, not an exception. */
export type CommitOutcome =
  | { readonly status: 'committed'; readonly version: number }
  /** Somebody else's commit stands there: check it, rebase, try the next version. */
  | { readonly status: 'conflict'; readonly version: number }
  /** Nothing was written: try the same version again. */
  | { readonly status: 'retryable'; readonly version: number; readonly cause: unknown }
  /** The reply was lost: read the version back and compare commitInfo.txnId (what looks like a conflict may be our own file). */
  | { readonly status: 'unknown'; readonly version: number; readonly cause: unknown }
