import { DeltaError } from '../errors/delta-error.js'
import { nearestName } from '../errors/nearest-name.js'
import type { DataType, StructField, StructType } from './data-type.js'
import { columnName } from './schema-error.js'
import { type SchemaToken, schemaTextError, schemaTokens } from './schema-tokens.js'
import { knownTypeNames, replacementOfType, typeFromSqlName } from './type-from-sql-name.js'

const CLOSING: { readonly [open: string]: string } = { '<': '>', '(': ')' }

/**
 * Parses columns as `CREATE TABLE` has them: `id BIGINT NOT NULL, tags ARRAY<STRING>, s STRUCT<a: INT, b: DECIMAL(10,2)> COMMENT 'of the shop'`.
 * Names may stand in backquotes or double quotes; types may go by their names in Spark, DuckDB or PostgreSQL. `TIMESTAMP` is Delta's timestamp (an
 * instant), `TIMESTAMP_NTZ` the one without a zone. Lengths of `VARCHAR(n)` are not kept.
 *
 * InvalidSchema with the position where the text is wrong; UnsupportedType, naming the column, for types that Delta does not have.
 */
export function parseSchemaText(text: string): StructType {
  return new SchemaTextParser(text).schema()
}

/** Recursive descent over the tokens of one text. */
class SchemaTextParser {
  private readonly text: string
  private readonly tokens: readonly SchemaToken[]
  private next = 0
  private readonly path: string[] = []

  constructor(text: string) {
    this.text = text
    this.tokens = schemaTokens(text)
  }

  schema(): StructType {
    const fields = this.list('', () => this.field())
    if (this.token.kind !== 'end') this.fail('Expected a comma')
    return { type: 'struct', fields }
  }

  private get token(): SchemaToken {
    return this.tokens[this.next] as SchemaToken
  }

  private field(): StructField {
    const name = this.token
    if (name.kind !== 'word' && name.kind !== 'name') this.fail('Expected a column name')
    this.next++
    this.skipMark(':')
    const dataType = this.within(name.text, () => this.type())
    const nullable = this.nullable()
    return { name: name.text, dataType, nullable, metadata: this.skipWord('COMMENT') ? { comment: this.string() } : {} }
  }

  private type(): DataType {
    let type = this.typeWithoutBrackets()
    while (this.skipMark('[')) {
      this.expectMark(']')
      type = { type: 'array', elementType: type, containsNull: true }
    }
    return type
  }

  private typeWithoutBrackets(): DataType {
    const word = this.token
    if (word.kind !== 'word') this.fail('Expected a type')
    this.next++
    switch (word.text.toUpperCase()) {
      case 'ARRAY':
        return this.array()
      case 'MAP':
        return this.map()
      case 'STRUCT':
      case 'ROW':
        return { type: 'struct', fields: this.inBrackets((close) => this.list(close, () => this.field())) }
      case 'DECIMAL':
      case 'NUMERIC':
      case 'DEC':
        return this.decimal()
      default:
        return this.primitive(word)
    }
  }

  private array(): DataType {
    return this.inBrackets(() => {
      const elementType = this.within('element', () => this.type())
      return { type: 'array', elementType, containsNull: this.nullable() }
    })
  }

  private map(): DataType {
    return this.inBrackets(() => {
      const keyType = this.within('key', () => this.type())
      this.skipNotNull()
      this.expectMark(',')
      const valueType = this.within('value', () => this.type())
      return { type: 'map', keyType, valueType, valueContainsNull: this.nullable() }
    })
  }

  private decimal(): DataType {
    const at = this.token.position
    const [precision = 10, scale = 0, ...more] = this.parameters()
    if (precision < 1 || precision > 38 || scale > precision || more.length > 0) {
      throw schemaTextError(this.text, at, 'DECIMAL(precision, scale) takes 1 to 38 digits and a scale up to them,')
    }
    return { type: 'decimal', precision, scale }
  }

  private primitive(word: SchemaToken): DataType {
    const type = typeFromSqlName(word.text)
    if (type === undefined) throw this.unknownType(word)
    if (type === 'string') {
      this.skipWord('VARYING')
      this.parameters()
    } else if (word.text.toUpperCase() === 'DOUBLE') {
      this.skipWord('PRECISION')
    } else if (word.text.toUpperCase() === 'TIMESTAMP' && this.zone() === 'without') {
      return { type: 'timestamp_ntz' }
    }
    return { type }
  }

  /** `WITH TIME ZONE` or `WITHOUT TIME ZONE` after `TIMESTAMP`. */
  private zone(): 'with' | 'without' | undefined {
    const zone = this.skipWord('WITH') ? 'with' : this.skipWord('WITHOUT') ? 'without' : undefined
    if (zone !== undefined && !(this.skipWord('TIME') && this.skipWord('ZONE'))) this.fail('Expected TIME ZONE')
    return zone
  }

  private nullable(): boolean {
    if (this.skipNotNull()) return false
    this.skipWord('NULL')
    return true
  }

  private skipNotNull(): boolean {
    if (!this.skipWord('NOT')) return false
    if (!this.skipWord('NULL')) this.fail('Expected NULL after NOT')
    return true
  }

  /** Numbers in parentheses, none where there are no parentheses. */
  private parameters(): number[] {
    if (!this.skipMark('(')) return []
    const numbers = this.list(')', () => {
      const { kind, text } = this.token
      if (kind !== 'word' || !/^\d{1,9}$/.test(text)) this.fail('Expected a number')
      this.next++
      return Number(text)
    })
    this.expectMark(')')
    return numbers
  }

  private inBrackets<T>(content: (close: string) => T): T {
    const close = CLOSING[this.token.kind === 'mark' ? this.token.text : '']
    if (close === undefined) this.fail('Expected <')
    this.next++
    const result = content(close)
    this.expectMark(close)
    return result
  }

  /** At least one item; a comma after the last one is allowed. */
  private list<T>(close: string, item: () => T): T[] {
    const items = [item()]
    while (this.skipMark(',')) {
      if (close === '' ? this.token.kind === 'end' : this.token.text === close && this.token.kind === 'mark') break
      items.push(item())
    }
    return items
  }

  private string(): string {
    const { kind, text } = this.token
    // Spark also takes comments in double quotes.
    if (kind !== 'string' && kind !== 'name') this.fail('Expected a text in quotes')
    this.next++
    return text
  }

  private within<T>(step: string, content: () => T): T {
    this.path.push(step)
    const result = content()
    this.path.pop()
    return result
  }

  private skipWord(word: string): boolean {
    const found = this.token.kind === 'word' && this.token.text.toUpperCase() === word
    if (found) this.next++
    return found
  }

  private skipMark(mark: string): boolean {
    const found = this.token.kind === 'mark' && this.token.text === mark
    if (found) this.next++
    return found
  }

  private expectMark(mark: string): void {
    if (!this.skipMark(mark)) this.fail(`Expected ${mark}`)
  }

  private fail(problem: string): never {
    throw schemaTextError(this.text, this.token.position, problem)
  }

  private unknownType(word: SchemaToken): DeltaError {
    const column = columnName(this.path)
    const replacement = replacementOfType(word.text)
    if (replacement === undefined) {
      const nearest = nearestName(word.text, knownTypeNames())
      const help = nearest === undefined ? '' : ` (did you mean ${nearest}?)`
      return schemaTextError(this.text, word.position, `Unknown type ${word.text} of column ${column}${help}`)
    }
    return new DeltaError(
      'UnsupportedType',
      `Column ${column} has the type ${word.text.toUpperCase()}, which the Delta protocol does not have. Use ${replacement}.`,
      { details: { column, type: word.text } },
    )
  }
}
