import { isDeltaError } from '../../errors/delta-error.js'
import type { DataType, StructField, StructType } from '../../schema/data-type.js'
import { encodeField } from './encode-column.js'
import { isRecord } from './is-record.js'

/** What is left of rows, and what was left out. */
interface FittingRows {
  readonly rows: readonly object[]
  readonly discardedRows: number
  readonly discardedValues: number
}

const MISFIT: unique symbol = Symbol('misfit')

/**
 * Makes rows fit a schema by leaving out what does not: the whole row, or the value alone, which becomes null; values of columns that the schema lacks are left out, where they are null without being
 * counted. What fits is what `encodeRows` takes. A value that may not be null takes what it is part of with it, in the end its row.
 */
export function fitRows(rows: readonly object[], schema: StructType, what: 'row' | 'value'): FittingRows {
  const fitting: object[] = []
  let discardedValues = 0
  for (const row of rows) {
    const fitter = new RowFitter(what)
    const fitted = fitter.struct(row, schema.fields)
    if (fitted !== MISFIT) {
      fitting.push(fitted)
      discardedValues += fitter.discarded
    }
  }
  return { rows: fitting, discardedRows: rows.length - fitting.length, discardedValues }
}

class RowFitter {
  discarded = 0
  readonly #what: 'row' | 'value'

  constructor(what: 'row' | 'value') {
    this.#what = what
  }

  struct(value: unknown, fields: readonly StructField[]): object | typeof MISFIT {
    if (!isRecord(value)) return MISFIT
    const fitted = Object.create(null) as { [name: string]: unknown }
    for (const [key, each] of Object.entries(value)) {
      const field = fields.find(({ name }) => name === key) ?? fields.find(({ name }) => sameName(name, key))
      if (field !== undefined && !(field.name in fitted)) fitted[field.name] = each
      else if (each !== null && each !== undefined && !this.#leaveOut()) return MISFIT
    }
    for (const { name, dataType, nullable } of fields) {
      const each = this.#value(fitted[name], dataType, nullable)
      if (each === MISFIT) return MISFIT
      if (name in fitted) fitted[name] = each
    }
    return fitted
  }

  /** The value, null in its place, or a misfit of what it is part of. */
  #value(value: unknown, type: DataType, nullable: boolean): unknown {
    if (value === null || value === undefined) return nullable ? value : MISFIT
    const fitted = this.#part(value, type)
    if (fitted !== MISFIT) return fitted
    return nullable && this.#leaveOut() ? null : MISFIT
  }

  #part(value: unknown, type: DataType): unknown {
    switch (type.type) {
      case 'struct':
        return this.struct(value, type.fields)
      case 'array': {
        if (!Array.isArray(value)) return encodes(value, type) ? value : MISFIT
        const elements = value.map((each) => this.#value(each, type.elementType, type.containsNull))
        return elements.includes(MISFIT) ? MISFIT : elements
      }
      case 'map': {
        const entries = value instanceof Map ? [...value] : isRecord(value) ? Object.entries(value) : undefined
        if (entries === undefined) return MISFIT
        const fitted = entries.map(
          ([key, each]) =>
            [this.#value(key, type.keyType, false), this.#value(each, type.valueType, type.valueContainsNull)] as const,
        )
        return fitted.some((entry) => entry.includes(MISFIT)) ? MISFIT : new Map(fitted)
      }
      default:
        return encodes(value, type) ? value : MISFIT
    }
  }

  /** Whether a value may be left out without its row. */
  #leaveOut(): boolean {
    if (this.#what === 'row') return false
    this.discarded++
    return true
  }
}

function encodes(value: unknown, type: DataType): boolean {
  try {
    encodeField([value], { dataType: type, nullable: true }, { path: [], row: () => 0 })
    return true
  } catch (error) {
    if (isDeltaError(error, 'SchemaMismatch')) return false
    throw error
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
