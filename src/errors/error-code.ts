/**
 * What the caller can do about an error.
 *
 * - `conflict`: somebody else changed the table; read it again and repeat the operation.
 * - `unavailable`: the storage did not answer or refused us; repeat later, or fix credentials and endpoints.
 * - `invalid`: the request cannot be carried out as it stands; change it.
 * - `unsupported`: the table, or the request, needs something this version does not do.
 * - `data`: what is stored is damaged or incomplete; repair or restore the table.
 * - `internal`: a defect of lakewright; please report it.
 */
export type ErrorKind = 'conflict' | 'unavailable' | 'invalid' | 'unsupported' | 'data' | 'internal'

/**
 * Every error code, in the words of the Delta protocol: a closed union to switch on, or to ask `isDeltaError` for.
 */
export type ErrorCode =
  | 'ConcurrentAppend'
  | 'ConcurrentDeleteRead'
  | 'ConcurrentDeleteDelete'
  | 'ConcurrentTransaction'
  | 'MetadataChanged'
  | 'ProtocolChanged'
  | 'ConcurrentModification'
  | 'TooManyCommitAttempts'
  | 'StorageUnavailable'
  | 'PermissionDenied'
  | 'BucketNotFound'
  | 'StorageFull'
  | 'CommitStateUnknown'
  | 'Aborted'
  | 'TableNotFound'
  | 'TableAlreadyExists'
  | 'VersionNotFound'
  | 'ChangeDataNotRecorded'
  | 'ObjectNotFound'
  | 'ObjectAlreadyExists'
  | 'InvalidArgument'
  | 'InvalidSchema'
  | 'InvalidUrl'
  | 'InvalidPredicate'
  | 'InvalidQuery'
  | 'InvalidInput'
  | 'UnknownColumn'
  | 'AmbiguousColumn'
  | 'SchemaMismatch'
  | 'ConstraintViolated'
  | 'AppendOnlyTable'
  | 'ReadOnlyView'
  | 'ResourceExhausted'
  | 'UnsupportedFeature'
  | 'UnsupportedType'
  | 'UnsupportedStore'
  | 'CorruptLog'
  | 'CorruptData'
  | 'DataFileMissing'
  | 'UnsafePath'
  | 'Internal'

/** The kind that each code belongs to. */
export const ERROR_KINDS: { readonly [Code in ErrorCode]: ErrorKind } = {
  // conflict: names follow Delta's concurrency documentation
  ConcurrentAppend: 'conflict',
  ConcurrentDeleteRead: 'conflict',
  ConcurrentDeleteDelete: 'conflict',
  ConcurrentTransaction: 'conflict',
  MetadataChanged: 'conflict',
  ProtocolChanged: 'conflict',
  ConcurrentModification: 'conflict',
  TooManyCommitAttempts: 'conflict',
  // unavailable
  StorageUnavailable: 'unavailable',
  PermissionDenied: 'unavailable',
  BucketNotFound: 'unavailable',
  StorageFull: 'unavailable',
  CommitStateUnknown: 'unavailable',
  Aborted: 'unavailable',
  // invalid
  TableNotFound: 'invalid',
  TableAlreadyExists: 'invalid',
  VersionNotFound: 'invalid',
  ChangeDataNotRecorded: 'invalid',
  ObjectNotFound: 'invalid',
  ObjectAlreadyExists: 'invalid',
  InvalidArgument: 'invalid',
  InvalidSchema: 'invalid',
  InvalidUrl: 'invalid',
  InvalidPredicate: 'invalid',
  InvalidQuery: 'invalid',
  InvalidInput: 'invalid',
  UnknownColumn: 'invalid',
  AmbiguousColumn: 'invalid',
  SchemaMismatch: 'invalid',
  ConstraintViolated: 'invalid',
  AppendOnlyTable: 'invalid',
  ReadOnlyView: 'invalid',
  ResourceExhausted: 'invalid',
  // unsupported
  UnsupportedFeature: 'unsupported',
  UnsupportedType: 'unsupported',
  UnsupportedStore: 'unsupported',
  // data
  CorruptLog: 'data',
  CorruptData: 'data',
  DataFileMissing: 'data',
  UnsafePath: 'data',
  // internal
  Internal: 'internal',
}
