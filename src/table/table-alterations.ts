import { DeltaError } from '../errors/delta-error.js'
import type { AddColumnOptions } from '../operations/alter/add-columns.js'
import type { TableDescription } from '../operations/alter/describe-table.js'
import type { AlterOptions, TableChange } from '../operations/alter/table-change.js'
import type { UnsetOptions } from '../operations/alter/unset-properties.js'
import type { SchemaInput } from '../operations/operation/schema-input.js'
import type { WriteResult } from '../operations/operation/write-result.js'
import type { Column } from '../schema/column.js'
import type { StructField, StructType } from '../schema/data-type.js'
import type { ColumnPosition } from '../schema/evolve/column-position.js'

/** Carries out one alteration on the newest version, and moves the handle on. */
type Alter = (change: TableChange, options: AlterOptions) => Promise<WriteResult>

/**
 * What can be altered of a table: `table.alter.addColumns('score DOUBLE')`. Each is one commit, worked out anew where somebody else was faster; where the table is that way already none is
 * written (`skipped`).
 */
export class TableAlterations {
  readonly #alter: Alter

  constructor(alter: Alter) {
    this.#alter = alter
  }

  /** Adds nullable columns: built with `struct(...)`, or as SQL. See {@link AddColumnOptions}. @throws InvalidSchema, UnknownColumn, UnsupportedFeature */
  async addColumns(columns: SchemaInput, options: AddColumnOptions & AlterOptions = {}): Promise<WriteResult> {
    const [{ addColumns }, { readSchema }] = await Promise.all([
      import('../operations/alter/add-columns.js'),
      import('../operations/operation/schema-input.js'),
    ])
    return this.#alter(addColumns(readSchema(columns), options), options)
  }

  /** Gives a column another name; needs column mapping. @throws UnknownColumn, InvalidSchema, UnsupportedFeature, InvalidArgument */
  async renameColumn(column: ColumnName, name: string, options: AlterOptions = {}): Promise<WriteResult> {
    const { renameColumn } = await import('../operations/alter/rename-column.js')
    return this.#alter(renameColumn(column, name), options)
  }

  /** Takes a column out of the schema; needs column mapping. @throws UnknownColumn, InvalidSchema, UnsupportedFeature, InvalidArgument */
  async dropColumn(column: ColumnName, options: AlterOptions = {}): Promise<WriteResult> {
    const { dropColumn } = await import('../operations/alter/drop-column.js')
    return this.#alter(dropColumn(column), options)
  }

  /** Puts a column first among its neighbours, or behind one of them. @throws UnknownColumn */
  async moveColumn(column: ColumnName, position: ColumnPosition, options: AlterOptions = {}): Promise<WriteResult> {
    const { moveColumn } = await import('../operations/alter/move-column.js')
    return this.#alter(moveColumn(column, position), options)
  }

  /** Says whether a column may be null; false is looked up in the rows that are there. @throws UnknownColumn, ConstraintViolated */
  async setNullable(column: ColumnName, nullable: boolean, options: AlterOptions = {}): Promise<WriteResult> {
    const { setNullable } = await import('../operations/alter/set-nullable.js')
    return this.#alter(setNullable(column, nullable), options)
  }

  /** Says what a column means; null takes the comment away. @throws UnknownColumn */
  async setComment(column: ColumnName, comment: string | null, options: AlterOptions = {}): Promise<WriteResult> {
    const { setComment } = await import('../operations/alter/set-comment.js')
    return this.#alter(setComment(column, comment), options)
  }

  /** Gives rows that do not mention a column a value: an expression of Spark SQL; null takes the default away. @throws UnknownColumn, InvalidArgument, UnsupportedFeature */
  async setDefault(column: string, expression: string | null, options: AlterOptions = {}): Promise<WriteResult> {
    const { setDefault } = await import('../operations/alter/set-default.js')
    return this.#alter(setDefault(column, expression), options)
  }

  /** Widens the type of a column, an array element (`tags.element`), a map key or a map value: `'BIGINT'`, or `long()`. @throws UnknownColumn, InvalidSchema, UnsupportedFeature */
  async changeType(
    column: ColumnName,
    type: string | Column<unknown>,
    options: AlterOptions = {},
  ): Promise<WriteResult> {
    const [{ changeColumnType }, { parseSchemaText }] = await Promise.all([
      import('../operations/alter/change-column-type.js'),
      import('../schema/schema-text.js'),
    ])
    const { dataType } = typeof type === 'string' ? onlyField(parseSchemaText(`type ${type}`)) : type.toField('type')
    return this.#alter(changeColumnType(column, dataType), options)
  }

  /**
   * Sets table properties, and upgrades the protocol to what they need. `delta.feature.<name>: 'supported'` asks for a feature alone.
   *
   * @throws InvalidArgument, UnsupportedFeature
   */
  async setProperties(
    properties: { readonly [key: string]: string },
    options: AlterOptions = {},
  ): Promise<WriteResult> {
    const { setProperties } = await import('../operations/alter/set-properties.js')
    return this.#alter(setProperties(properties), options)
  }

  /** Takes table properties away. @throws InvalidArgument */
  async unsetProperties(keys: readonly string[], options: UnsetOptions & AlterOptions = {}): Promise<WriteResult> {
    const { unsetProperties } = await import('../operations/alter/unset-properties.js')
    return this.#alter(unsetProperties(keys, options), options)
  }

  /** Adds a condition, in Spark SQL, that every row must fulfil, after a look at those that are there. @throws ConstraintViolated, InvalidArgument, UnknownColumn, UnsupportedFeature */
  async addConstraint(name: string, expression: string, options: AlterOptions = {}): Promise<WriteResult> {
    const { addConstraint } = await import('../operations/alter/add-constraint.js')
    return this.#alter(addConstraint(name, expression), options)
  }

  /** Drops a condition of that kind. @throws InvalidArgument */
  async dropConstraint(name: string, options: UnsetOptions & AlterOptions = {}): Promise<WriteResult> {
    const { dropConstraint } = await import('../operations/alter/drop-constraint.js')
    return this.#alter(dropConstraint(name, options), options)
  }

  /** Sets the name or the description that the table has in its metadata; null takes it away. */
  async describe(description: TableDescription, options: AlterOptions = {}): Promise<WriteResult> {
    const { describeTable } = await import('../operations/alter/describe-table.js')
    return this.#alter(describeTable(description), options)
  }

  /** Names the columns that rows are to be kept together by; none takes the clustering away. @throws UnknownColumn, InvalidArgument */
  async clusterBy(columns: readonly ColumnName[], options: AlterOptions = {}): Promise<WriteResult> {
    const { clusterBy } = await import('../operations/alter/cluster-by.js')
    return this.#alter(clusterBy(columns), options)
  }

  /** Takes a feature, and its properties, out of the protocol, so that engines that lack it can open the table again. @throws InvalidArgument where the table still needs it */
  async dropFeature(name: string, options: AlterOptions = {}): Promise<WriteResult> {
    const { dropFeature } = await import('../operations/alter/drop-feature.js')
    return this.#alter(dropFeature(name), options)
  }
}

/** A name, names separated by dots for a field of a struct, or a list of names; `element`, `key` and `value` step into arrays and maps. */
type ColumnName = string | readonly string[]

function onlyField({ fields }: StructType): StructField {
  const [field, ...others] = fields
  if (field !== undefined && others.length === 0) return field
  throw new DeltaError('InvalidSchema', 'Give one type, such as BIGINT or DECIMAL(10,2).')
}
