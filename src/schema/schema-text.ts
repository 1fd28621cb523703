import { DeltaError } from '../errors/delta-error.js'
import { nearestName } from '../errors/nearest-name.js'
import { columnClauses } from './column-clauses.js'
import type { DataType, StructField, StructType } from './data-type.js'
import { columnName } from './schema-error.js'
import { SchemaTokenCursor } from './schema-token-cursor.js'
import { type SchemaToken, schemaTextError } from './schema-tokens.js'
import { knownTypeNames, replacementOfType, typeFromSqlName } from './type-from-sql-name.js'

const CLOSING: { readonly [open: string]: string } = { '<': '>', '(': ')' }

/**
 * Parses columns as `CREATE TABLE` has them: `id BIGINT NOT NULL, tags ARRAY<STRING>, s STRUCT<a: INT, b: DECIMAL(10,2)> COMMENT 'of the shop'`.
 * Names may stand in backquotes or double quotes; types may go by their names in Spark, DuckDB or PostgreSQL. `TIMESTAMP` is Delta's timestamp (an
 * instant), `TIMESTAMP_NTZ` the one without a zone. Lengths of `VARCHAR(n)` are not kept. A column may have `DEFAULT expression`, `GENERATED ALWAYS AS (expression)` or
 * `GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY [(START WITH 1 INCREMENT BY 1)]`, expressions in Spark SQL.
 *
 * InvalidSchema with the position where the text is wrong; UnsupportedType, naming the column, for types that Delta does not have.
 */
export function parseSchemaText(text: string): StructType {
  return new SchemaTextParser(text).schema()
}

/** Recursive descent over the tokens of one text. */
class SchemaTextParser {
  private readonly text: string
  private readonly at: SchemaTokenCursor
  private readonly path: string[] = []

  constructor(text: string) {
    this.text = text
    this.at = new SchemaTokenCursor(text)
  }

  schema(): StructType {
    const fields = this.list('', () => this.field())
    if (this.at.token.kind !== 'end') this.at.fail('Expected a comma')
    return { type: 'struct', fields }
  }

  private field(): StructField {
    const name = this.at.token
    if (name.kind !== 'word' && name.kind !== 'name') this.at.fail('Expected a column name')
    this.at.take()
    this.at.skipMark(':')
    const dataType = this.within(name.text, () => this.type())
    return { name: name.text, dataType, ...columnClauses(this.at, this.path.length === 0) }
  }

  private type(): DataType {
    let type = this.typeWithoutBrackets()
    while (this.at.skipMark('[')) {
      this.at.expectMark(']')
      type = { type: 'array', elementType: type, containsNull: true }
    }
    return type
  }

  private typeWithoutBrackets(): DataType {
    const word = this.at.token
    if (word.kind !== 'word') this.at.fail('Expected a type')
    this.at.take()
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
      this.at.skipNotNull()
      this.at.expectMark(',')
      const valueType = this.within('value', () => this.type())
      return { type: 'map', keyType, valueType, valueContainsNull: this.nullable() }
    })
  }

  private decimal(): DataType {
    const at = this.at.token.position
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
      this.at.skipWord('VARYING')
      this.parameters()
    } else if (word.text.toUpperCase() === 'DOUBLE') {
      this.at.skipWord('PRECISION')
    } else if (word.text.toUpperCase() === 'TIMESTAMP' && this.zone() === 'without') {
      return { type: 'timestamp_ntz' }
    }
    return { type }
  }

  /** `WITH TIME ZONE` or `WITHOUT TIME ZONE` after `TIMESTAMP`. */
  private zone(): 'with' | 'without' | undefined {
    const zone = this.at.skipWord('WITH') ? 'with' : this.at.skipWord('WITHOUT') ? 'without' : undefined
    if (zone !== undefined && !(this.at.skipWord('TIME') && this.at.skipWord('ZONE')))
      this.at.fail('Expected TIME ZONE')
    return zone
  }

  private nullable(): boolean {
    if (this.at.skipNotNull()) return false
    this.at.skipWord('NULL')
    return true
  }

  /** Numbers in parentheses, none where there are no parentheses. */
  private parameters(): number[] {
    if (!this.at.skipMark('(')) return []
    const numbers = this.list(')', () => {
      const { kind, text } = this.at.token
      if (kind !== 'word' || !/^\d{1,9}$/.test(text)) this.at.fail('Expected a number')
      this.at.take()
      return Number(text)
    })
    this.at.expectMark(')')
    return numbers
  }

  private inBrackets<T>(content: (close: string) => T): T {
    const close = CLOSING[this.at.token.kind === 'mark' ? this.at.token.text : '']
    if (close === undefined) this.at.fail('Expected <')
    this.at.take()
    const result = content(close)
    this.at.expectMark(close)
    return result
  }

  /** At least one item; a comma after the last one is allowed. */
  private list<T>(close: string, item: () => T): T[] {
    const items = [item()]
    while (this.at.skipMark(',')) {
      if (close === '' ? this.at.token.kind === 'end' : this.at.token.text === close && this.at.token.kind === 'mark')
        break
      items.push(item())
    }
    return items
  }

  private within<T>(step: string, content: () => T): T {
    this.path.push(step)
    const result = content()
    this.path.pop()
    return result
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
