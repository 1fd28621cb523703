import { DeltaError } from '../errors/delta-error.js'

/** ObjectNotFound for a key of a store. */
export function objectNotFound(url: string, key: string, cause?: unknown): DeltaError {
  return new DeltaError('ObjectNotFound', `There is no object "${key}" in ${url}.`, { cause, details: { path: key } })
}

/** ObjectAlreadyExists for a put that had to create the key. */
export function objectAlreadyExists(url: string, key: string, cause?: unknown): DeltaError {
  return new DeltaError('ObjectAlreadyExists', `The object "${key}" exists already in ${url}.`, {
    cause,
    details: { path: key },
  })
}
