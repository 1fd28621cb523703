import { CURRENT_DEFAULT, GENERATION_EXPRESSION, type IdentityOptions, identityMetadata } from './column-rules.js'
import type { DataType, JsonValue, StructField, StructType } from './data-type.js'

type ColumnOptions = Pick<StructField, 'nullable' | 'metadata'>

const NULLABLE: ColumnOptions = { nullable: true, metadata: {} }

/**
 * A column under construction, immutable: each method answers a new one. `Value` is what rows hold for it; columns are nullable until
 * {@link Column.notNull}.
 */
export class Column<Value> {
  /** What rows hold for the column: for types only, there is nothing at run time. */
  declare readonly Value: Value
  readonly #dataType: DataType
  readonly #options: ColumnOptions

  constructor(dataType: DataType, options: ColumnOptions = NULLABLE) {
    this.#dataType = dataType
    this.#options = options
  }

  /** Rows, array elements or map values without a value here are refused. */
  notNull(): Column<NonNullable<Value>> {
    return this.derive({ nullable: false }) as Column<NonNullable<Value>>
  }

  /** Says what the column means, to whoever reads the schema. */
  comment(text: string): this {
    return this.metadata({ comment: text })
  }

  /** Adds to the metadata of the column, which every writer of the table carries along. */
  metadata(entries: { readonly [name: string]: JsonValue }): this {
    return this.derive({ metadata: { ...this.#options.metadata, ...entries } }) as this
  }

  /** The value for rows that do not mention the column: an expression of Spark SQL without columns, such as `'none'` in quotes or `current_timestamp()`. */
  default(expression: string): this {
    return this.metadata({ [CURRENT_DEFAULT]: expression })
  }

  /** The value for all rows: an expression of Spark SQL over other columns, such as `CAST(at AS DATE)`. Rows that bring another are refused. */
  generatedAs(expression: string): this {
    return this.metadata({ [GENERATION_EXPRESSION]: expression })
  }

  /** Numbers the rows: for columns of `long()`. Appends to the table then exclude each other. */
  identity(this: Column<bigint | null> | Column<bigint>, options: IdentityOptions = {}): this {
    return this.metadata(identityMetadata(options)) as this
  }

  /** The column under a name, as schemas have it. */
  toField(name: string): StructField {
    return { name, dataType: this.#dataType, ...this.#options }
  }

  private derive(change: Partial<ColumnOptions>): Column<unknown> {
    return this.create(this.#dataType, { ...this.#options, ...change })
  }

  protected create(dataType: DataType, options: ColumnOptions): Column<unknown> {
    return new Column(dataType, options)
  }
}

/** Columns by name: what `struct()` takes. */
export interface ColumnShape {
  readonly [name: string]: Column<unknown>
}

/** The plain object that holds one value for each column. */
export type RowOf<Shape extends ColumnShape> = { -readonly [Name in keyof Shape]: Shape[Name]['Value'] }

/** A struct column, and at the same time the schema of a table. `typeof Event.Row` is the type of its rows. */
export class StructColumn<Row, Value = Row | null> extends Column<Value> implements StructType {
  /** What one row is: for types only, there is nothing at run time. */
  declare readonly Row: Row
  readonly type = 'struct'
  readonly fields: readonly StructField[]

  constructor(dataType: StructType, options?: ColumnOptions) {
    super(dataType, options)
    this.fields = dataType.fields
  }

  override notNull(): StructColumn<Row, NonNullable<Value>> {
    return super.notNull() as StructColumn<Row, NonNullable<Value>>
  }

  protected override create(dataType: StructType, options: ColumnOptions): StructColumn<Row> {
    return new StructColumn(dataType, options)
  }
}
