import { quoteText } from '../../../../expressions/sql-quote.js'
import { isIntegral } from '../numbers.js'
import { textOf } from '../operators.js'
import { describeType, failing, refused, type TypedSql, typed } from '../typed-sql.js'
import { regularExpression } from './regular-expression.js'
import { binary, type SparkFunction, type SparkFunctions, unary, writtenNumber, writtenText } from './spark-function.js'

/**
 * Letters whose other case is one letter, the same in every version of Unicode and in every place: ASCII, Latin-1 and Latin Extended-A without the exceptions. Greek
 * sigma and the German sharp s are such.
 */
const PLAIN_LETTERS = String.raw`[\x00-\x7F\x{C0}-\x{DE}\x{E0}-\x{12F}\x{132}-\x{148}\x{14A}-\x{17E}]*`

/** Functions of texts. */
export const TEXT_FUNCTIONS: SparkFunctions = {
  ...named(['length', 'char_length', 'character_length', 'len'], unary(length)),
  ...named(['lower', 'lcase'], letters('lower')),
  ...named(['upper', 'ucase'], letters('upper')),
  trim: trim('trim'),
  ltrim: trim('ltrim'),
  rtrim: trim('rtrim'),
  ...named(['substring', 'substr'], { least: 2, most: 3, sql: substring }),
  left: binary((x, count) => typed(`left(${textOf(x)}, ${characters(count)})`, 'string')),
  right: binary((x, count) => typed(`right(${textOf(x)}, ${characters(count)})`, 'string')),
  concat: {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    sql: (parts) => typed(`(${parts.map(concatenated).join(' || ')})`, 'string'),
  },
  concat_ws: {
    least: 2,
    most: Number.POSITIVE_INFINITY,
    sql: (parts) => {
      writtenText(parts[0] as TypedSql, 'What stands between the parts of concat_ws')
      return typed(`concat_ws(${parts.map(textOf).join(', ')})`, 'string')
    },
  },
  replace: {
    least: 3,
    sql: ([x, from, to]) =>
      typed(`replace(${textOf(x as TypedSql)}, ${nonEmpty(from as TypedSql)}, ${textOf(to as TypedSql)})`, 'string'),
  },
  startswith: binary((x, part) => typed(`starts_with(${textOf(x)}, ${textOf(part)})`, 'boolean')),
  endswith: binary((x, part) => typed(`ends_with(${textOf(x)}, ${textOf(part)})`, 'boolean')),
  contains: binary((x, part) => typed(`contains(${textOf(x)}, ${textOf(part)})`, 'boolean')),
  instr: binary((x, part) => typed(`CAST(instr(${textOf(x)}, ${nonEmpty(part)}) AS INTEGER)`, 'integer')),
  locate: binary((part, x) => typed(`CAST(instr(${textOf(x)}, ${nonEmpty(part)}) AS INTEGER)`, 'integer')),
  lpad: pad('lpad'),
  rpad: pad('rpad'),
  md5: unary((x) => typed(`md5(${textOf(x)})`, 'string')),
  sha2: binary((x, bits) => {
    if (writtenNumber(bits, 'The size of a hash') !== 256) throw refused('A hash of another size than 256 is taken')
    return typed(`sha256(${textOf(x)})`, 'string')
  }),
  ...named(['rlike', 'regexp', 'regexp_like'], binary(matches)),
}

function named(names: readonly string[], sql: SparkFunction): SparkFunctions {
  return Object.fromEntries(names.map((name) => [name, sql]))
}

function length(x: TypedSql): TypedSql {
  if (x.type.type === 'binary') return typed(`CAST(octet_length(${x.sql}) AS INTEGER)`, 'integer')
  return typed(`CAST(length(${textOf(x)}) AS INTEGER)`, 'integer')
}

function letters(name: 'lower' | 'upper'): SparkFunction {
  return unary((x) => {
    const text = textOf(x)
    const isPlain = `regexp_full_match(${text}, '${PLAIN_LETTERS}')`
    const bad = failing(`a text has letters whose ${name} case is not certain`, { type: 'string' })
    return typed(`CASE WHEN ${text} IS NULL OR ${isPlain} THEN ${name}(${text}) ELSE ${bad} END`, 'string')
  })
}

/** Spark trims spaces alone. */
function trim(name: 'trim' | 'ltrim' | 'rtrim'): SparkFunction {
  return unary((x) => typed(`${name}(${textOf(x)}, ' ')`, 'string'))
}

/** From the left only: Spark counts from the end for negative positions, and from 1 for 0. */
function substring([x, position, count]: readonly TypedSql[]): TypedSql {
  const from = Math.max(1, writtenNumber(position as TypedSql, 'The position of a substring'))
  if (writtenNumber(position as TypedSql, '') < 0) throw refused('A substring is counted from the end')
  const rest = count === undefined ? '' : `, ${characters(count)}`
  return typed(`substring(${textOf(x as TypedSql)}, ${from}${rest})`, 'string')
}

function characters(x: TypedSql): string {
  return String(Math.max(0, writtenNumber(x, 'A number of characters')))
}

function concatenated(x: TypedSql): string {
  if (isIntegral(x.type)) return `CAST(${x.sql} AS VARCHAR)`
  if (x.type.type === 'string' || x.type.type === 'void') return textOf(x)
  throw refused(`${describeType(x)} is part of concat`)
}

function nonEmpty(x: TypedSql): string {
  const text = writtenText(x, 'What is looked for')
  if (text === '') throw refused('An empty text is looked for')
  return quoteText(text)
}

function pad(name: 'lpad' | 'rpad'): SparkFunction {
  return {
    least: 2,
    most: 3,
    sql: ([x, count, filler]) => {
      const by = filler === undefined ? "' '" : nonEmpty(filler)
      return typed(`${name}(${textOf(x as TypedSql)}, ${characters(count as TypedSql)}, ${by})`, 'string')
    },
  }
}

function matches(x: TypedSql, pattern: TypedSql): TypedSql {
  const text = writtenText(pattern, 'A regular expression')
  const same = regularExpression(text)
  if (same === undefined) throw refused(`The regular expression ${JSON.stringify(text)} is matched`)
  return typed(`regexp_matches(${textOf(x)}, ${quoteText(same)})`, 'boolean')
}
