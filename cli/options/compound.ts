import { InvalidArgumentError } from 'commander'
import { z } from 'zod'

/** `KEY=VALUE`, again and again: collects into one object. */
export function collectProperty(text: string, previous: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [key, value] = parse(property, text)
  return { ...previous, [key]: value }
}

/** `APP:VERSION` of `--txn`; the application id may have colons in it. */
export function transactionId(text: string): { readonly appId: string; readonly version: number | bigint } {
  return parse(transaction, text)
}

/** A table of a query: its name in the SQL, and where it is. */
export interface TableReference {
  readonly name: string
  readonly url: string
  readonly version?: number
  readonly timestamp?: string
}

/** `NAME=URL`, `NAME=URL@v3` or `NAME=URL@2026-01-01T00:00:00Z`, again and again. */
export function collectTable(text: string, previous: readonly TableReference[] = []): TableReference[] {
  const reference = parse(tableReference, text)
  if (previous.some(({ name }) => name.toLowerCase() === reference.name.toLowerCase())) {
    throw new InvalidArgumentError(`The name ${reference.name} is taken: give each table a name of its own.`)
  }
  return [...previous, reference]
}

const property = z
  .string()
  .regex(/^[^=]+=/, 'It must be KEY=VALUE.')
  .transform((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const)

const transaction = z
  .string()
  .regex(/^.+:\d{1,19}$/s, 'It must be APP:VERSION, with a whole number as the version.')
  .transform((text) => {
    const colon = text.lastIndexOf(':')
    const version = BigInt(text.slice(colon + 1))
    return { appId: text.slice(0, colon), version: version <= Number.MAX_SAFE_INTEGER ? Number(version) : version }
  })

const tableReference = z
  .string()
  .regex(/^[^=]+=.+$/s, 'It must be NAME=URL, NAME=URL@v3 or NAME=URL@2026-01-01T00:00:00Z.')
  .transform((text): TableReference => {
    const name = text.slice(0, text.indexOf('='))
    const place = text.slice(text.indexOf('=') + 1)
    const [, url = place, version, timestamp] = /^(.+)@(?:v(\d+)|(\d{4}-\d\d-\d\d[^@/]*))$/s.exec(place) ?? []
    return {
      name,
      url,
      ...(version === undefined ? {} : { version: Number(version) }),
      ...(timestamp === undefined ? {} : { timestamp }),
    }
  })

function parse<T>(schema: z.ZodType<T>, text: string): T {
  const result = schema.safeParse(text)
  if (result.success) return result.data
  throw new InvalidArgumentError(result.error.issues.map(({ message }) => message).join(' '))
}
