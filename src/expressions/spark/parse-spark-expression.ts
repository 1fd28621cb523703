import { parseSchemaText } from '../../schema/schema-text.js'
import type { SparkExpression, SparkOperator } from './spark-expression.js'
import { SparkTokenCursor } from './spark-token-cursor.js'
import type { SparkToken } from './spark-tokens.js'

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
  private readonly at: SparkTokenCursor
  private depth = 0

  constructor(text: string) {
    this.at = new SparkTokenCursor(text)
  }

  parse(): SparkExpression {
    const expression = this.expression(0)
    if (this.at.token.kind !== 'end') this.at.fail('Unexpected text')
    return expression
  }

  private expression(least: number): SparkExpression {
    if (++this.depth > MAX_DEPTH) this.at.fail('Too many levels')
    let left = this.prefix()
    for (let tested = false; ; ) {
      const [operator, strength] = BINARY[this.at.keyword] ?? []
      if (operator !== undefined && strength !== undefined && strength >= least) {
        // A test cannot be compared without parentheses.
        if (tested && strength >= COMPARISON) this.at.fail('Parentheses are missing')
        this.at.take()
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
    if (this.at.skip('NOT') || this.at.skip('!')) return operation('not', this.expression(NOT))
    if (this.at.skip('-')) {
      const { kind, text } = this.at.token
      if (kind !== 'number') return operation('negate', this.expression(UNARY))
      this.at.take()
      return this.suffixes(numberLiteral(`-${text}`))
    }
    if (this.at.skip('+')) return this.expression(UNARY)
    return this.suffixes(this.primary())
  }

  /** What follows the left side of `IS NULL` and its kin; undefined where something else follows. */
  private test(left: SparkExpression): SparkExpression | undefined {
    const start = this.at.position
    if (this.at.skip('IS')) return this.isTest(left)
    const negated = this.at.skip('NOT')
    const found = this.positiveTest(left)
    if (found === undefined) this.at.returnTo(start)
    return found !== undefined && negated ? operation('not', found) : found
  }

  private positiveTest(left: SparkExpression): SparkExpression | undefined {
    if (this.at.skip('BETWEEN')) {
      const lower = this.expression(ADDITIVE)
      this.at.expect('AND')
      return operation('between', left, lower, this.expression(ADDITIVE))
    }
    if (this.at.skip('IN')) {
      this.at.expect('(')
      return operation('in', left, ...this.listUntil(')'))
    }
    if (this.at.skip('LIKE')) {
      if (this.at.keyword === 'ANY' || this.at.keyword === 'ALL') this.at.fail('LIKE with a list is not known here')
      const pattern = this.expression(ADDITIVE)
      if (this.at.keyword === 'ESCAPE') this.at.fail('ESCAPE is not known here')
      return operation('like', left, pattern)
    }
    if (this.at.skip('RLIKE') || this.at.skip('REGEXP')) {
      return { kind: 'call', name: 'rlike', operands: [left, this.expression(ADDITIVE)] }
    }
    return undefined
  }

  private isTest(left: SparkExpression): SparkExpression {
    const negated = this.at.skip('NOT')
    const found = this.at.skip('NULL')
      ? operation('isNull', left)
      : this.at.skip('TRUE')
        ? operation('isTrue', left)
        : this.at.skip('FALSE')
          ? operation('isFalse', left)
          : this.at.skip('DISTINCT')
            ? operation('not', this.distinctFrom(left))
            : this.at.fail('Expected NULL, TRUE, FALSE or DISTINCT FROM')
    return negated ? operation('not', found) : found
  }

  private distinctFrom(left: SparkExpression): SparkExpression {
    this.at.expect('FROM')
    return operation('<=>', left, this.expression(ADDITIVE))
  }

  private primary(): SparkExpression {
    const { kind, text } = this.at.token
    if (kind === 'mark') {
      this.at.expect('(')
      const inner = this.expression(0)
      this.at.expect(')')
      return inner
    }
    if (kind === 'end') this.at.fail('Expected a value')
    this.at.take()
    if (kind === 'string') return { kind, value: text }
    if (kind === 'number') return numberLiteral(text)
    if (kind === 'name') return this.at.keyword === '(' ? this.call(text) : { kind: 'column', path: [text] }
    return this.wordPrimary(text)
  }

  private wordPrimary(word: string): SparkExpression {
    const following = this.at.token
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
      this.at.returnTo(this.at.position - 1)
      this.at.fail(`${word.toUpperCase()} is not expected`)
    }
    return { kind: 'column', path: [word] }
  }

  private suffixes(of: SparkExpression): SparkExpression {
    let value = of
    for (;;) {
      if (this.at.skip('.')) {
        const { kind, text } = this.at.token
        if (kind !== 'word' && kind !== 'name') this.at.fail('Expected the name of a field')
        this.at.take()
        value =
          value.kind === 'column'
            ? { kind: 'column', path: [...value.path, text] }
            : { kind: 'field', of: value, name: text }
      } else if (this.at.skip('[')) {
        const at = this.expression(0)
        this.at.expect(']')
        value = { kind: 'element', of: value, at }
      } else return value
    }
  }

  private call(name: string): SparkExpression {
    this.at.expect('(')
    const operands = this.at.skip(')') ? [] : this.listUntil(')')
    if (this.at.keyword === 'OVER' || this.at.keyword === 'FILTER')
      this.at.fail('A window or filter is not possible here')
    return { kind: 'call', name: name.toLowerCase(), operands }
  }

  private caseExpression(): SparkExpression {
    const subject = this.at.keyword === 'WHEN' ? undefined : this.expression(0)
    const branches: [SparkExpression, SparkExpression][] = []
    while (this.at.skip('WHEN')) {
      const when = this.expression(0)
      this.at.expect('THEN')
      branches.push([subject === undefined ? when : operation('=', subject, when), this.expression(0)])
    }
    if (branches.length === 0) this.at.fail('Expected WHEN')
    const otherwise: SparkExpression = this.at.skip('ELSE') ? this.expression(0) : { kind: 'null' }
    this.at.expect('END')
    return { kind: 'case', branches, otherwise }
  }

  private cast(): SparkExpression {
    this.at.expect('(')
    const of = this.expression(0)
    this.at.expect('AS')
    const name = this.at.takeUntilClosed()
    this.at.expect(')')
    if (/^\s*(var)?char/i.test(name)) this.at.fail('Casts to CHAR and VARCHAR are not known here')
    const [field] = parseSchemaText(`c ${name}`).fields
    if (field === undefined) this.at.fail('Expected a type')
    return { kind: 'cast', of, to: field.dataType }
  }

  /** `EXTRACT(YEAR FROM at)` is `year(at)`. */
  private extract(): SparkExpression {
    this.at.expect('(')
    const unit = this.at.token.text.toLowerCase()
    this.at.take()
    this.at.expect('FROM')
    const of = this.expression(0)
    this.at.expect(')')
    return { kind: 'call', name: unit, operands: [of] }
  }

  /** `SUBSTRING(a FROM 1 FOR 2)` is `substring(a, 1, 2)`. */
  private substring(): SparkExpression {
    this.at.expect('(')
    const operands = [this.expression(0)]
    while (!this.at.skip(')')) {
      if (!this.at.skip(',') && !this.at.skip('FROM') && !this.at.skip('FOR')) this.at.fail('Expected )')
      operands.push(this.expression(0))
    }
    return { kind: 'call', name: 'substring', operands }
  }

  private typedLiteral(word: string, literal: SparkToken): SparkExpression {
    const type = word.toLowerCase()
    if (type !== 'date' && type !== 'timestamp' && type !== 'timestamp_ntz') {
      this.at.fail(`A literal of type ${word.toUpperCase()} is not known here:`)
    }
    this.at.take()
    return { kind: 'instant', type, text: literal.text }
  }

  private listUntil(close: string): SparkExpression[] {
    const items = [this.expression(0)]
    while (this.at.skip(',')) items.push(this.expression(0))
    this.at.expect(close)
    return items
  }
}

function operation(operator: SparkOperator, ...operands: readonly SparkExpression[]): SparkExpression {
  return { kind: 'operation', operator, operands }
}

function numberLiteral(text: string): SparkExpression {
  const [, digits = '', suffix = ''] = /^(.*?)(BD|[LSYDF])?$/i.exec(text) ?? []
  return { kind: 'number', digits, suffix: suffix.toUpperCase() }
}
