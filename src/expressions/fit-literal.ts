import type { DataType } from '../schema/data-type.js'
import { fitExactNumber, fitFloating } from './fit-number.js'
import { fitDate, fitTimestamp } from './fit-time.js'
import { fits, type LiteralFit } from './literal-fit.js'
import type { Literal } from './predicate.js'

/** Where a literal lies among the values of a type; undefined where the two cannot be compared. */
export function fitLiteral(literal: Exclude<Literal, null>, type: DataType): LiteralFit | undefined {
  switch (type.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'decimal':
      return fitExactNumber(literal, type)
    case 'float':
    case 'double':
      return fitFloating(literal)
    case 'boolean':
      return fitBoolean(literal)
    case 'string':
      return typeof literal === 'string' ? fits(literal) : undefined
    case 'binary':
      return fitBinary(literal)
    case 'date':
      return fitDate(literal)
    case 'timestamp':
    case 'timestamp_ntz':
      return fitTimestamp(literal)
    default:
      return undefined
  }
}

function fitBoolean(literal: Literal): LiteralFit | undefined {
  if (typeof literal === 'boolean') return fits(literal)
  if (typeof literal !== 'string' || !/^(true|false)$/i.test(literal)) return undefined
  return fits(literal.toLowerCase() === 'true')
}

/** Text stands for bytes where every reading of it gives the same ones: printable ASCII without escapes. */
function fitBinary(literal: Literal): LiteralFit | undefined {
  if (literal instanceof Uint8Array) return fits(literal)
  if (typeof literal !== 'string' || !/^[ -[\]-~]*$/.test(literal)) return undefined
  return fits(new TextEncoder().encode(literal))
}
