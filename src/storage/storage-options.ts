/** How to reach S3 or a server that speaks its protocol. Unset fields fall to the AWS SDK's own chain. */
export interface S3Options {
  /** For servers other than AWS, e.g. `http://127.0.0.1:9000`. */
  readonly endpoint?: string
  readonly region?: string
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  /** `endpoint/bucket/key` in place of `bucket.endpoint/key`. Default: true where an endpoint is given. */
  readonly forcePathStyle?: boolean
}

/** Tables on a local disk. */
export interface LocalOptions {
  /**
   * Default: true. A commit is reported when it and its data files would survive a power failure. `false` leaves it to the operating system when
   * files reach the disk: faster, as safe where only processes are killed, and what other writers of Delta tables do.
   */
  readonly fsync?: boolean
}

/** The same in every call that opens a table. */
export interface StorageOptions {
  readonly local?: LocalOptions
  readonly s3?: S3Options
}
