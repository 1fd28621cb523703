import { open } from 'node:fs/promises'

/** What the first record of a CSV file says. */
export interface CsvHeader {
  readonly delimiter: string
  /** In the order of the fields. */
  readonly names: readonly string[]
}

const DELIMITERS = [',', ';', '\t', '|']
/** A header is looked for in so many bytes. */
const HEAD_BYTES = 1024 * 1024
const BYTE_ORDER_MARK = '\ufeff'

/** Reads the header of a CSV file; the delimiter is what separates its fields. Undefined for an empty file. */
export async function readCsvHeader(path: string): Promise<CsvHeader | undefined> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return parseCsvHeader(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await file.close()
  }
}

function parseCsvHeader(text: string): CsvHeader | undefined {
  const head = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  if (head === '') return undefined
  const [first, ...others] = DELIMITERS.map((delimiter) => ({ delimiter, names: firstRecord(head, delimiter) }))
  return others.reduce((best, each) => (each.names.length > best.names.length ? each : best), first as CsvHeader)
}

/** The fields of the first record: quoted ones may hold delimiters, line ends, and quotes written twice. */
function firstRecord(text: string, delimiter: string): string[] {
  const fields: string[] = []
  let field = ''
  for (let i = 0; ; i++) {
    const character = text[i]
    if (character === '"' && field === '') {
      const end = closingQuote(text, i + 1)
      field = text.slice(i + 1, end).replaceAll('""', '"')
      i = end
    } else if (character === delimiter) {
      fields.push(field)
      field = ''
    } else if (character === undefined || character === '\n' || character === '\r') {
      return [...fields, field]
    } else field += character
  }
}

function closingQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] !== '"') continue
    if (text[i + 1] !== '"') return i
    i++
  }
  return text.length
}
