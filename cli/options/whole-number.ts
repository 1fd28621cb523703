import { InvalidArgumentError } from 'commander'

/** A whole number from 0 on: versions and limits. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('It must be a whole number from 0 on.')
}
