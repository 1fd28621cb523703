/** A version, or an instant: a Date, or ISO 8601 with a zone. */
export type VersionPoint = number | string | Date
