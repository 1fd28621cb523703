import { DeltaError } from './delta-error.js'

/** The last branch of an exhaustive switch: fails to compile when a case is missing. */
export function assertNever(value: never, what = 'value'): never {
  throw new DeltaError(
    'Internal',
    `Unexpected ${what}: ${String(value)}. This is a defect of lakewright; please report it.`,
  )
}
