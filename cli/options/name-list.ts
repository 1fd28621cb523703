import { InvalidArgumentError } from 'commander'

/** Names separated by commas. A name with a comma in it stands in backquotes or double quotes. */
export function nameList(text: string): string[] {
  const names = [...text.matchAll(/\s*(?:`((?:[^`]|``)*)`|"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/gy)].map(
    ([, back, double, plain]) => back?.replaceAll('``', '`') ?? double?.replaceAll('""', '"') ?? (plain ?? '').trim(),
  )
  // The end of the text matches once more.
  if (names.at(-1) === '') names.pop()
  if (names.length > 0 && names.every((name) => name !== '')) return names
  throw new InvalidArgumentError('It must be names separated by commas.')
}
