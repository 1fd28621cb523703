import { VERSION } from '../runtime/version.js'

/** Names this library in files, in the form that parquet-mr parses: it ignores the text statistics of writers that it cannot name. */
export const CREATED_BY: string = `lakewright version ${VERSION}`
