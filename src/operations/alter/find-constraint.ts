import type { Metadata } from '../../protocol/actions/action.js'
import { CONSTRAINT_PREFIX } from '../../protocol/rules/constraint-properties.js'

/** The property of the CHECK constraint of a name, compared without case. */
export function findConstraint({ configuration }: Metadata, name: string): string | undefined {
  const wanted = `${CONSTRAINT_PREFIX}${name}`.toLowerCase()
  return Object.keys(configuration).find((key) => key.toLowerCase() === wanted)
}
