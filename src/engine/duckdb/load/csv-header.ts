import { DeltaError } from '../../../errors/delta-error.js'
import { type Compression, textHead } from './text-head.js'

/** What the first record of a CSV file says. */
export interface CsvHeader {
  readonly delimiter: string
  /** In the order of the fields. */
  readonly names: readonly string[]
  readonly compression: Compression
}

const DELIMITERS = [',', ';', '\t', '|']
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Reads the header of a CSV file; the delimiter is what separates its fields. Undefined for an empty file.
 *
 * @throws InvalidInput for a column without a name, and a name that is there twice
 */
export async function readCsvHeader(path: string): Promise<CsvHeader | undefined> {
  const { text, compression } = await textHead(path)
  const header = parseCsvHeader(text)
  if (header === undefined) return undefined
  checkNames(path, header.names)
  return { ...header, compression }
}

function parseCsvHeader(text: string): Pick<CsvHeader, 'delimiter' | 'names'> | undefined {
  const head = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  if (head === '') return undefined
  const first = { delimiter: ',', names: firstRecord(head, ',') }
  return DELIMITERS.map((delimiter) => ({ delimiter, names: firstRecord(head, delimiter) })).reduce(
    (best, each) => (each.names.length > best.names.length ? each : best),
    first,
  )
}

function checkNames(path: string, names: readonly string[]): void {
  const unnamed = names.indexOf('')
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (unnamed < 0 && twice === undefined) return
  const problem = unnamed < 0 ? `names column ${twice} twice` : `has no name for column ${unnamed + 1}`
  throw new DeltaError('InvalidInput', `${path}, line 1: the header ${problem}. Correct the header.`, {
    details: { path, line: 1 },
  })
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
