import { DeltaError } from '../../errors/delta-error.js'
import { nearestName } from '../../errors/nearest-name.js'
import { OTHER_PROPERTIES, PROPERTY_PREFIXES, PROTOCOL_PROPERTIES, READ_PROPERTIES } from './known-properties.js'

/** Delta's keys, and those that lakewright gives a meaning to. */
const PREFIXES: readonly string[] = ['delta.', 'lakewright.']

/** Every key known, by its lower-case form. */
const KEYS: ReadonlyMap<string, string> = new Map(
  [...[...READ_PROPERTIES.values()].map(({ key }) => key), ...OTHER_PROPERTIES, ...PROTOCOL_PROPERTIES].map((key) => [
    key.toLowerCase(),
    key,
  ]),
)

/**
 * Properties as they may be stored: keys that begin with `delta.` or `lakewright.` get their own spelling. InvalidArgument for one that is not known, with the nearest
 * that is, and for a value that is none. Other keys are the user's own.
 */
export function checkProperties(properties: { readonly [key: string]: string }): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [checkProperty(key, value), value]))
}

function checkProperty(key: string, value: string): string {
  const lower = key.toLowerCase()
  const prefix = PREFIXES.find((each) => lower.startsWith(each))
  if (prefix === undefined || PROPERTY_PREFIXES.some((free) => lower.startsWith(free.toLowerCase()))) return key
  const known = KEYS.get(lower)
  if (known === undefined) {
    const nearest = nearestName(key, KEYS.values())
    throw new DeltaError(
      'InvalidArgument',
      `There is no table property '${key}'.${nearest === undefined ? '' : ` Did you mean '${nearest}'?`} Properties of your own must not begin with '${prefix}'.`,
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
