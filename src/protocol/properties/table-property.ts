import { DeltaError } from '../../errors/delta-error.js'
import { parseInterval } from './interval.js'

/** A property of a table (`metaData.configuration`) that lakewright reads. */
export interface TableProperty<T> {
  /** With the prefix: `delta.appendOnly`. */
  readonly key: string
  /** What holds where the property is not set. */
  readonly defaultValue: T
  /** What a value must be, to follow "must be". */
  readonly expected: string
  /** Undefined where the text is no value. */
  readonly parse: (text: string) => T | undefined
}

/** The value of a property, or its default. InvalidArgument where the table has a value that is none. */
export function tableProperty<T>(
  metadata: { readonly configuration: { readonly [key: string]: string } },
  property: TableProperty<T>,
): T {
  const text = metadata.configuration[property.key]
  if (text === undefined) return property.defaultValue
  const value = property.parse(text)
  if (value !== undefined) return value
  throw new DeltaError(
    'InvalidArgument',
    `The table property ${property.key} is '${text}' and must be ${property.expected}. Set it to a value that is.`,
  )
}

export function booleanProperty(key: string, defaultValue = false): TableProperty<boolean> {
  const values = new Map([
    ['true', true],
    ['false', false],
  ])
  return { key, defaultValue, expected: 'true or false', parse: (text) => values.get(text.trim().toLowerCase()) }
}

/** @param minimum the least value allowed. */
export function integerProperty<T extends number | undefined>(
  key: string,
  defaultValue: T,
  minimum: number,
): TableProperty<number | T> {
  const parse = (text: string): number | undefined => {
    const value = Number(text)
    return /^\s*[+-]?\d+\s*$/.test(text) && Number.isSafeInteger(value) && value >= minimum ? value : undefined
  }
  return { key, defaultValue, expected: `an integer not less than ${minimum}`, parse }
}

/** In milliseconds. */
export function intervalProperty<T extends string | undefined>(
  key: string,
  defaultText: T,
): TableProperty<number | (T extends string ? never : undefined)> {
  return {
    key,
    defaultValue: (defaultText === undefined ? undefined : parseInterval(defaultText)) as never,
    expected: "an interval such as 'interval 30 days', without months or years",
    parse: parseInterval,
  }
}

/** One of some words, in any case; the value has the spelling given here. */
export function wordProperty<W extends string, D extends W | undefined>(
  key: string,
  words: readonly W[],
  defaultValue: D,
): TableProperty<W | D> {
  return {
    key,
    defaultValue,
    expected: `one of ${words.join(', ')}`,
    parse: (text) => words.find((word) => word.toLowerCase() === text.trim().toLowerCase()),
  }
}

export function textProperty(key: string): TableProperty<string | undefined> {
  return { key, defaultValue: undefined, expected: 'text', parse: (text) => text }
}
