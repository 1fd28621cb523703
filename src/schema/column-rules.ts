/** Field metadata with the expression, in Spark SQL, that gives the values of a column (PROTOCOL.md, "Generated Columns"). */
export const GENERATION_EXPRESSION = 'delta.generationExpression'
/** Field metadata with the expression, in Spark SQL, for rows that do not mention a column (PROTOCOL.md, "Default Columns"). */
export const CURRENT_DEFAULT = 'CURRENT_DEFAULT'

/** Field metadata of columns that writers number (PROTOCOL.md, "Identity Columns"). */
export const IDENTITY = {
  start: 'delta.identity.start',
  step: 'delta.identity.step',
  highWaterMark: 'delta.identity.highWaterMark',
  allowExplicitInsert: 'delta.identity.allowExplicitInsert',
} as const

/** How a column is numbered. */
export interface IdentityOptions {
  /** The first value. Default 1. */
  readonly start?: number | bigint
  /** From one value to the next; not 0. Default 1. */
  readonly step?: number | bigint
  /** Whether rows may bring values of their own. Default false. */
  readonly allowExplicitInsert?: boolean
}

/** {@link IdentityOptions} as field metadata. */
export function identityMetadata({ start = 1, step = 1, allowExplicitInsert = false }: IdentityOptions): {
  readonly [key: string]: number | bigint | boolean
} {
  return {
    [IDENTITY.start]: start,
    [IDENTITY.step]: step,
    [IDENTITY.allowExplicitInsert]: allowExplicitInsert,
  }
}
