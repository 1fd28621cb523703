import { DeltaError } from '../../../errors/delta-error.js'
import type { ColumnPath, Predicate } from '../../../expressions/predicate.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { predicateToSql } from '../../../expressions/to-sql.js'
import type { StructField, StructType } from '../../../schema/data-type.js'
import { resolveColumn } from '../../../schema/resolve-column.js'
import { columnName } from '../../../schema/schema-error.js'
import type { Where } from '../where.js'
import type { MergeClause } from './merge-clause.js'
import type { MergeNames } from './merge-names.js'

type Side = 'target' | 'source'

/** The rows that a clause may speak of. */
const SIDES: { readonly [Rows in MergeClause['rows']]: readonly Side[] } = {
  matched: ['target', 'source'],
  notMatched: ['source'],
  notMatchedBySource: ['target'],
}

/**
 * The condition of a clause as SQL. In one that is built, columns are named as in SQL: `col('source.kind')`, or `col('kind')` where only one side has it.
 *
 * @throws UnknownColumn, AmbiguousColumn, InvalidPredicate
 */
export function mergeCondition(condition: Where, rows: MergeClause['rows'], names: MergeNames): string {
  if (typeof condition === 'string') return condition
  const columns = new PlacedColumns(names, SIDES[rows])
  const placed = columns.place(condition)
  return columns.named(predicateToSql(placed, columns.schema))
}

/** Columns of two rows as columns of one, under names that are put right again in the SQL. */
class PlacedColumns {
  readonly #names: MergeNames
  readonly #sides: readonly Side[]
  readonly #fields: StructField[] = []
  readonly #sql = new Map<string, string>()

  constructor(names: MergeNames, sides: readonly Side[]) {
    this.#names = names
    this.#sides = sides
  }

  get schema(): StructType {
    return { type: 'struct', fields: this.#fields }
  }

  place(predicate: Predicate): Predicate {
    switch (predicate.op) {
      case 'and':
      case 'or':
        return { ...predicate, children: predicate.children.map((child) => this.place(child)) }
      case 'not':
        return { op: 'not', child: this.place(predicate.child) }
      case 'constant':
      case 'opaque':
        return predicate
      default:
        return { ...predicate, column: this.#placed(predicate.column) }
    }
  }

  /** Each quoted name is replaced as a whole: what stands in texts has other quotes. */
  named(sql: string): string {
    let text = sql
    for (const [name, column] of this.#sql) text = text.replaceAll(quoteIdentifier(name), () => column)
    return text
  }

  #placed(path: ColumnPath): ColumnPath {
    const { side, path: found, field } = this.#find(path)
    const relation = this.#names[side]
    const name = `lakewright column ${this.#fields.length} of ${relation}\u0001`
    this.#fields.push({ ...field, name })
    this.#sql.set(name, `${quoteIdentifier(relation)}.${quoteIdentifier(found[0] as string)}`)
    return [name, ...found.slice(1)]
  }

  #find(path: ColumnPath): { readonly side: Side; readonly path: readonly string[]; readonly field: StructField } {
    const [first = '', ...rest] = path
    for (const side of this.#sides) {
      if (rest.length === 0 || first.toLowerCase() !== this.#names[side].toLowerCase()) continue
      const { path: found, fields } = resolveColumn(this.#schemaOf(side), rest)
      return { side, path: found, field: fields[0] }
    }
    const having = this.#sides.filter((side) => this.#schemaOf(side).fields.some(({ name }) => same(name, first)))
    if (having.length > 1) {
      const candidates = having.map((side) => `${this.#names[side]}.${columnName(path)}`)
      throw new DeltaError(
        'AmbiguousColumn',
        `Column ${columnName(path)} is ambiguous: it may be ${candidates.join(' or ')}. Say which.`,
        { details: { column: columnName(path), candidates } },
      )
    }
    const side = having[0] ?? (this.#sides[0] as Side)
    const { path: found, fields } = resolveColumn(this.#schemaOf(side), path)
    return { side, path: found, field: fields[0] }
  }

  #schemaOf(side: Side): StructType {
    return side === 'target' ? this.#names.targetSchema : this.#names.sourceSchema
  }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
