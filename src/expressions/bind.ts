import { DeltaError } from '../errors/delta-error.js'
import type { StructType } from '../schema/data-type.js'
import { resolveColumn } from '../schema/resolve-column.js'
import { scalarOrder } from '../schema/scalar-order.js'
import { columnName } from '../schema/schema-error.js'
import { typeText } from '../schema/type-text.js'
import { bindComparison, bindMembership } from './bind-comparison.js'
import type { BoundColumn, BoundNode, BoundPredicate } from './bound-predicate.js'
import type { ColumnPath, Predicate } from './predicate.js'

/**
 * Finds the columns of a predicate in a schema and turns its literals into values of their types, without changing what it means: a literal that its
 * column's type cannot hold (1.5 against a long) still compares as the number, date or instant that it is.
 *
 * UnknownColumn, AmbiguousColumn; InvalidPredicate for a literal that cannot be compared with its column, and for a structs, arrays, maps or variants that
 * are asked for more than null.
 */
export function bindPredicate(predicate: Predicate, schema: StructType): BoundPredicate {
  const binder = new Binder(schema)
  const root = binder.bind(predicate)
  return { root, columns: [...binder.columns.values()], opaque: binder.opaque }
}

class Binder {
  readonly columns = new Map<string, BoundColumn>()
  opaque = false
  private readonly schema: StructType

  constructor(schema: StructType) {
    this.schema = schema
  }

  bind(predicate: Predicate): BoundNode {
    switch (predicate.op) {
      case 'and':
      case 'or':
        return { op: predicate.op, children: predicate.children.map((child) => this.bind(child)) }
      case 'not':
        return { op: 'not', child: this.bind(predicate.child) }
      case 'constant':
        return { op: 'constant', value: predicate.value }
      case 'opaque':
        this.opaque = true
        return { op: 'opaque', sql: predicate.sql }
      case 'isNull':
        return { op: 'isNull', column: this.column(predicate.column) }
      case 'isNotNull':
        return { op: 'not', child: { op: 'isNull', column: this.column(predicate.column) } }
      case 'in':
        return bindMembership(this.comparable(predicate.column), predicate.values)
      case 'startsWith':
        return this.startsWith(this.comparable(predicate.column), predicate.prefix)
      case 'eq':
      case 'ne':
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge':
      case 'nullSafeEq':
        return bindComparison(this.comparable(predicate.column), predicate.op, predicate.value)
      default:
        throw new DeltaError('InvalidPredicate', `${JSON.stringify(predicate)} is no predicate. Build one with col().`)
    }
  }

  private startsWith(column: BoundColumn, prefix: string): BoundNode {
    const { dataType, path } = column
    if (dataType.type === 'string' && typeof prefix === 'string') return { op: 'startsWith', column, prefix }
    if (dataType.type === 'void') return { op: 'constant', value: null }
    throw new DeltaError(
      'InvalidPredicate',
      `Column ${columnName(path)} is ${typeText(dataType)}: startsWith needs text and a text.`,
      { details: { column: columnName(path) } },
    )
  }

  private column(path: ColumnPath): BoundColumn {
    const { path: found, fields, field } = resolveColumn(this.schema, path)
    const key = JSON.stringify(found)
    const known = this.columns.get(key)
    if (known !== undefined) return known
    const { dataType } = field
    const column = { index: this.columns.size, path: found, fields, dataType, order: scalarOrder(dataType) }
    this.columns.set(key, column)
    return column
  }

  private comparable(path: ColumnPath): BoundColumn {
    const column = this.column(path)
    switch (column.dataType.type) {
      case 'struct':
      case 'array':
      case 'map':
      case 'variant':
        throw new DeltaError(
          'InvalidPredicate',
          `Column ${columnName(column.path)} is ${typeText(column.dataType)}: it can only be asked whether it is null. Compare a field of it, or use SQL.`,
          { details: { column: columnName(column.path) } },
        )
      default:
        return column
    }
  }
}
