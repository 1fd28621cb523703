import { DeltaError } from '../../errors/delta-error.js'

/** Table properties with the conditions of CHECK constraints, by name (PROTOCOL.md, "CHECK Constraints"). */
export const CONSTRAINT_PREFIX = 'delta.constraints.'

/** Constraints as table properties. InvalidArgument for a name that is empty, or that two have but for case. */
export function constraintProperties(constraints: { readonly [name: string]: string }): {
  readonly [key: string]: string
} {
  const seen = new Set<string>()
  return Object.fromEntries(
    Object.entries(constraints).map(([name, expression]) => {
      const lower = name.toLowerCase()
      if (lower === '' || seen.has(lower)) {
        throw new DeltaError(
          'InvalidArgument',
          `"${name}" cannot be the name of a constraint: it is ${lower === '' ? 'empty' : 'there twice, but for case'}.`,
        )
      }
      seen.add(lower)
      return [`${CONSTRAINT_PREFIX}${name}`, expression]
    }),
  )
}
