import type { LocalOptions } from '../../src/index.js'

/** The operating system decides when files reach the disk: deltalake does not wait for that either. */
export const AS_DELTALAKE: { readonly local: LocalOptions } = { local: { fsync: false } }
