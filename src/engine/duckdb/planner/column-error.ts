import { DeltaError } from '../../../errors/delta-error.js'
import { nearestName } from '../../../errors/nearest-name.js'

const AMBIGUOUS = /^Ambiguous reference to column name "(.+?)" \(use: (.+)\)/
const NOT_IN_TABLE = /^Table "(.+?)" does not have a column named "(.+?)"\s*(?:Candidate bindings: :?\s*(.*))?/s
const NOT_IN_STRUCT = /^Could not find key "(.+?)" in struct\s*(?:Candidate Entries:\s*(.*))?/s

/** What DuckDB says of a column that is not there, or of two that may be meant, as an error of ours; undefined for everything else. */
export function columnError(message: string): DeltaError | undefined {
  const ambiguous = AMBIGUOUS.exec(message)
  if (ambiguous !== null) {
    const [, column = '', candidates = ''] = ambiguous
    return new DeltaError(
      'AmbiguousColumn',
      `Column "${column}" is ambiguous: it may be ${quotedNames(candidates).join(' or ')}. Say which.`,
      { details: { column, candidates: quotedNames(candidates) } },
    )
  }
  const inTable = NOT_IN_TABLE.exec(message)
  if (inTable !== null) return unknown(inTable[2] as string, `in ${inTable[1]}`, inTable[3])
  const inStruct = NOT_IN_STRUCT.exec(message)
  return inStruct === null ? undefined : unknown(inStruct[1] as string, 'in the struct', inStruct[2])
}

function unknown(column: string, where: string, candidates = ''): DeltaError {
  const names = quotedNames(candidates)
  const nearest = nearestName(column, names)
  const advice =
    nearest !== undefined ? ` Did you mean ${nearest}?` : names.length > 0 ? ` There are ${names.join(', ')}.` : ''
  return new DeltaError('UnknownColumn', `There is no column "${column}" ${where}.${advice}`, { details: { column } })
}

function quotedNames(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name = '']) => name.replaceAll('""', '"'))
}
