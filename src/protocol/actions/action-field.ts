import { DeltaError } from '../../errors/delta-error.js'

/** An action fresh from the JSON parser: ours alone, so it may be put right in place before anybody else sees it. */
export type RawAction = Record<string, unknown>

type FieldType = 'string' | 'number' | 'boolean'

/** CorruptLog unless the field is there with the type. Sizes and times beyond 2^53, which nobody means, are rounded. */
export function requireField(action: RawAction, name: string, type: FieldType): void {
  if (typeof action[name] === type) return
  if (type !== 'number' || typeof action[name] !== 'bigint') fail(action, name, type)
  action[name] = Number(action[name])
}

/** Absent and null are the same; CorruptLog if the field is there with another type. */
export function optionalField(action: RawAction, name: string, type: FieldType): void {
  const value = action[name]
  if (value === null) action[name] = undefined
  else if (value !== undefined) requireField(action, name, type)
}

/** CorruptLog unless the field is a map from strings to strings or nulls. Numbers and booleans in it become text, as Spark reads them. */
export function requireStringMap(action: RawAction, name: string): void {
  const map = action[name]
  if (!isObject(map)) fail(action, name, 'map')
  for (const key in map) {
    const value = map[key]
    if (typeof value === 'string' || value === null) continue
    if (typeof value === 'object' || value === undefined) fail(action, `${name}.${key}`, 'string')
    map[key] = String(value)
  }
}

/** As {@link requireStringMap}; absent and null are the same. */
export function optionalStringMap(action: RawAction, name: string): void {
  if (action[name] === null) action[name] = undefined
  else if (action[name] !== undefined) requireStringMap(action, name)
}

/** CorruptLog unless the field is a list of strings; absent and null are the same. */
export function optionalStringList(action: RawAction, name: string): void {
  const list = action[name]
  if (list === null || list === undefined) action[name] = undefined
  else if (!Array.isArray(list) || list.some((element) => typeof element !== 'string'))
    fail(action, name, 'list of strings')
}

export function isObject(value: unknown): value is RawAction {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fail(action: RawAction, name: string, expected: string): never {
  const value = action[name]
  const found = value === undefined || value === null ? 'is missing' : `is not a ${expected}`
  throw new DeltaError('CorruptLog', `field '${name}' ${found}`)
}
