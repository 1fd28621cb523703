import { parseSchemaText } from '../../schema/schema-text.js'
import type { SparkExpression, SparkOperator } from './spark-expression.js'
import { sparkSqlError } from './spark-sql-error.js'
import { type SparkToken, sparkTokens } from './spark-tokens.js'

/** Nested deeper than this, an expression is refused: the stack must not overflow. */
const MAX_DEPTH = 100

/** Binary operators and how tight they bind; all of them lean to the left. */
const BINARY: { readonly [token: string]: readonly [SparkOperator, number] } = {
  OR: ['or', 1],
  AND: ['and', 2],
  '=': ['=', 5],
  '==': ['=', 5],
  '<=>': ['<=>', 5],
  '<>': ['<>', 5],
  '!=': ['<>', 5],
  '<': ['<', 5],
  '<=': ['<=', 5],
  '>': ['>', 5],
  '>=': ['>=', 5],
  '+': ['+', 6],
  '-': ['-', 6],
  '||': ['||', 6],
  '*': ['*', 7],
  '/': ['/', 7],
  '%': ['%', 7],
  DIV: ['div', 7],
}
const NOT = 3
/** IS, IN, BETWEEN, LIKE: what stands left of them may be a comparison. */
const TEST = 4
const COMPARISON = 5
const ADDITIVE = 6
const UNARY = 8

/** Words that begin or end something, and so are no column unless they stand in backquotes. */
const RESERVED =
  /^(and|or|not|is|in|between|like|ilike|rlike|regexp|when|then|else|end|case|cast|from|as|exists|select|over|interval|distinct|div|escape)$/i

/** Functions that may be written without parentheses. */
const BARE_CALLS = /^(current_date|current_timestamp|localtimestamp|current_user|current_timezone)$/i

/**
 * Parses an expression as Delta keeps it in constraints, generated columns and defaults: one of Spark SQL. What is known of Spark's grammar is what such expressions
 * are made of; anything else is refused with its position.
 *
 * @throws InvalidArgument
 */
export function parseSparkExpression(text: string): SparkExpression {
  return new SparkExpressionParser(text).parse()
}

/** Precedence climbing over the tokens of one text. */
class SparkExpressionParser {
  private readonly text: string
  private readonly tokens: readonly SparkToken[]
  private next = 0
  private depth = 0

  constructor(text: string) {
    this.text = text
    this.tokens = sparkTokens(text)
  }

  parse(): SparkExpression {
    const expression = this.expression(0)
    if (this.token.kind !== 'end') this.fail('Unexpected text')
    return expression
  }

  private get token(): SparkToken {
    return this.tokens[this.next] as SparkToken
  }

  private expression(least: number): SparkExpression {
    if (++this.depth > MAX_DEPTH) this.fail('Too many levels')
    let left = this.prefix()
    for (let tested = false; ; ) {
      const [operator, strength] = BINARY[this.keyword()] ?? []
      if (operator !== undefined && strength !== undefined && strength >= least) {
        // A test cannot be compared without parentheses.
        if (tested && strength >= COMPARISON) this.fail('Parentheses are missing')
        this.next++
        left = operation(operator, left, this.expression(strength + 1))
      } else {
        const test = !tested && least <= TEST ? this.test(left) : undefined
        if (test === undefined) break
        tested = true
        left = test
      }
    }
    this.depth--
    return left
  }

  private prefix(): SparkExpression {
    if (this.skip('NOT') || this.skip('!')) return operation('not', this.expression(NOT))
    if (this.skip('-')) {
      const { kind, text } = this.token
      if (kind !== 'number') return operation('negate', this.expression(UNARY))
      this.next++
      return this.suffixes(numberLiteral(`-${text}`))
    }
    if (this.skip('+')) return this.expression(UNARY)
    return this.suffixes(this.primary())
  }

  /** What follows the left side of `IS NULL` and its kin; undefined where something else follows. */
  private test(left: SparkExpression): SparkExpression | undefined {
    const start = this.next
    if (this.skip('IS')) return this.isTest(left)
    const negated = this.skip('NOT')
    const found = this.positiveTest(left)
    if (found === undefined) this.next = start
    return found !== undefined && negated ? operation('not', found) : found
  }

  private positiveTest(left: SparkExpression): SparkExpression | undefined {
    if (this.skip('BETWEEN')) {
      const lower = this.expression(ADDITIVE)
      this.expect('AND')
      return operation('between', left, lower, this.expression(ADDITIVE))
    }
    if (this.skip('IN')) {
      this.expect('(')
      return operation('in', left, ...this.listUntil(')'))
    }
    if (this.skip('LIKE')) {
      if (this.keyword() === 'ANY' || this.keyword() === 'ALL') this.fail('LIKE with a list is not known here')
      const pattern = this.expression(ADDITIVE)
      if (this.keyword() === 'ESCAPE') this.fail('ESCAPE is not known here')
      return operation('like', left, pattern)
    }
    if (this.skip('RLIKE') || this.skip('REGEXP')) {
      return { kind: 'call', name: 'rlike', operands: [left, this.expression(ADDITIVE)] }
    }
    return undefined
  }

  private isTest(left: SparkExpression): SparkExpression {
    const negated = this.skip('NOT')
    const found = this.skip('NULL')
      ? operation('isNull', left)
      : this.skip('TRUE')
        ? operation('isTrue', left)
        : this.skip('FALSE')
          ? operation('isFalse', left)
          : this.skip('DISTINCT')
            ? operation('not', this.distinctFrom(left))
            : this.fail('Expected NULL, TRUE, FALSE or DISTINCT FROM')
    return negated ? operation('not', found) : found
  }

  private distinctFrom(left: SparkExpression): SparkExpression {
    this.expect('FROM')
    return operation('<=>', left, this.expression(ADDITIVE))
  }

  private primary(): SparkExpression {
    const { kind, text } = this.token
    if (kind === 'mark') {
      this.expect('(')
      const inner = this.expression(0)
      this.expect(')')
      return inner
    }
    if (kind === 'end') this.fail('Expected a value')
    this.next++
    if (kind === 'string') return { kind, value: text }
    if (kind === 'number') return numberLiteral(text)
    if (kind === 'name')
      return this.tokens[this.next]?.text === '(' ? this.call(text) : { kind: 'column', path: [text] }
    return this.wordPrimary(text)
  }

  private wordPrimary(word: string): SparkExpression {
    const following = this.token
    if (following.kind === 'string') return this.typedLiteral(word, following)
    switch (word.toUpperCase()) {
      case 'NULL':
        return { kind: 'null' }
      case 'TRUE':
      case 'FALSE':
        return { kind: 'boolean', value: word.toUpperCase() === 'TRUE' }
      case 'CASE':
        return this.caseExpression()
      case 'CAST':
        return this.cast()
      case 'EXTRACT':
        if (following.text === '(') return this.extract()
        break
      case 'SUBSTR':
      case 'SUBSTRING':
        if (following.text === '(') return this.substring()
        break
      default:
    }
    if (following.kind === 'mark' && following.text === '(') return this.call(word)
    if (BARE_CALLS.test(word)) return { kind: 'call', name: word.toLowerCase(), operands: [] }
    if (RESERVED.test(word)) {
      this.next--
      this.fail(`${word.toUpperCase()} is not expected`)
    }
    return { kind: 'column', path: [word] }
  }

  private suffixes(of: SparkExpression): SparkExpression {
    let value = of
    for (;;) {
      if (this.skip('.')) {
        const { kind, text } = this.token
        if (kind !== 'word' && kind !== 'name') this.fail('Expected the name of a field')
        this.next++
        value =
          value.kind === 'column'
            ? { kind: 'column', path: [...value.path, text] }
            : { kind: 'field', of: value, name: text }
      } else if (this.skip('[')) {
        const at = this.expression(0)
        this.expect(']')
        value = { kind: 'element', of: value, at }
      } else return value
    }
  }

  private call(name: string): SparkExpression {
    this.expect('(')
    const operands = this.skip(')') ? [] : this.listUntil(')')
    if (this.keyword() === 'OVER' || this.keyword() === 'FILTER') this.fail('A window or filter is not possible here')
    return { kind: 'call', name: name.toLowerCase(), operands }
  }

  private caseExpression(): SparkExpression {
    const subject = this.keyword() === 'WHEN' ? undefined : this.expression(0)
    const branches: [SparkExpression, SparkExpression][] = []
    while (this.skip('WHEN')) {
      const when = this.expression(0)
      this.expect('THEN')
      branches.push([subject === undefined ? when : operation('=', subject, when), this.expression(0)])
    }
    if (branches.length === 0) this.fail('Expected WHEN')
    const otherwise: SparkExpression = this.skip('ELSE') ? this.expression(0) : { kind: 'null' }
    this.expect('END')
    return { kind: 'case', branches, otherwise }
  }

  private cast(): SparkExpression {
    this.expect('(')
    const of = this.expression(0)
    this.expect('AS')
    const start = this.token.position
    for (let open = 0; open > 0 || this.keyword() !== ')'; this.next++) {
      if (this.token.kind === 'end') this.fail('Expected )')
      open += this.keyword() === '(' ? 1 : this.keyword() === ')' ? -1 : 0
    }
    const name = this.text.slice(start, this.token.position)
    this.expect(')')
    if (/^\s*(var)?char/i.test(name)) this.fail('Casts to CHAR and VARCHAR are not known here')
    const [field] = parseSchemaText(`c ${name}`).fields
    if (field === undefined) this.fail('Expected a type')
    return { kind: 'cast', of, to: field.dataType }
  }

  /** `EXTRACT(YEAR FROM at)` is `year(at)`. */
  private extract(): SparkExpression {
    this.expect('(')
    const unit = this.token.text.toLowerCase()
    this.next++
    this.expect('FROM')
    const of = this.expression(0)
    this.expect(')')
    return { kind: 'call', name: unit, operands: [of] }
  }

  /** `SUBSTRING(a FROM 1 FOR 2)` is `substring(a, 1, 2)`. */
  private substring(): SparkExpression {
    this.expect('(')
    const operands = [this.expression(0)]
    while (!this.skip(')')) {
      if (!this.skip(',') && !this.skip('FROM') && !this.skip('FOR')) this.fail('Expected )')
      operands.push(this.expression(0))
    }
    return { kind: 'call', name: 'substring', operands }
  }

  private typedLiteral(word: string, literal: SparkToken): SparkExpression {
    const type = word.toLowerCase()
    if (type !== 'date' && type !== 'timestamp' && type !== 'timestamp_ntz') {
      this.fail(`A literal of type ${word.toUpperCase()} is not known here:`)
    }
    this.next++
    return { kind: 'instant', type, text: literal.text }
  }

  private listUntil(close: string): SparkExpression[] {
    const items = [this.expression(0)]
    while (this.skip(',')) items.push(this.expression(0))
    this.expect(close)
    return items
  }

  /** The token in capitals, unless it is quoted. */
  private keyword(): string {
    const { kind, text } = this.token
    return kind === 'word' || kind === 'mark' ? text.toUpperCase() : ''
  }

  private skip(keyword: string): boolean {
    const found = this.keyword() === keyword
    if (found) this.next++
    return found
  }

  private expect(keyword: string): void {
    if (!this.skip(keyword)) this.fail(`Expected ${keyword}`)
  }

  private fail(problem: string): never {
    throw sparkSqlError(this.text, this.token.position, problem)
  }
}

function operation(operator: SparkOperator, ...operands: readonly SparkExpression[]): SparkExpression {
  return { kind: 'operation', operator, operands }
}

function numberLiteral(text: string): SparkExpression {
  const [, digits = '', suffix = ''] = /^(.*?)(BD|[LSYDF])?$/i.exec(text) ?? []
  return { kind: 'number', digits, suffix: suffix.toUpperCase() }
}
