import { DeltaError } from '../../errors/delta-error.js'
import { nearestName } from '../../errors/nearest-name.js'
import { OTHER_PROPERTIES, PROPERTY_PREFIXES, PROTOCOL_PROPERTIES, READ_PROPERTIES } from './known-properties.js'

const PREFIX = 'delta.'

/** Every key known, by its lower-case form. */
const KEYS: ReadonlyMap<string, string> = new Map(
  [...[...READ_PROPERTIES.values()].map(({ key }) => key), ...OTHER_PROPERTIES, ...PROTOCOL_PROPERTIES].map((key) => [
    key.toLowerCase(),
    key,
  ]),
)

/**
 * Properties as they may be stored: keys that begin with `delta.` get Delta's own spelling. InvalidArgument for one that Delta does not know, with the nearest
 * that it does, and for a value that is none. Other keys are the user's own.
 */
export function checkProperties(properties: { readonly [key: string]: string }): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [checkProperty(key, value), value]))
}

function checkProperty(key: string, value: string): string {
  const lower = key.toLowerCase()
  if (!lower.startsWith(PREFIX) || PROPERTY_PREFIXES.some((prefix) => lower.startsWith(prefix.toLowerCase())))
    return key
  const known = KEYS.get(lower)
  if (known === undefined) {
    const nearest = nearestName(key, KEYS.values())
    throw new DeltaError(
      'InvalidArgument',
      `Delta has no table property '${key}'.${nearest === undefined ? '' : ` Did you mean '${nearest}'?`} Properties of your own must not begin with '${PREFIX}'.`,
      { details: { property: key } },
    )
  }
  const property = READ_PROPERTIES.get(lower)
  if (property !== undefined && property.parse(value) === undefined) {
    throw new DeltaError(
      'InvalidArgument',
      `The table property ${known} must be ${property.expected}, not '${value}'.`,
      {
        details: { property: known },
      },
    )
  }
  return known
}
