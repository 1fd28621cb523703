import { DeltaError } from '../../errors/delta-error.js'

/** InvalidArgument that shows where in an expression the problem is. */
export function sparkSqlError(text: string, position: number, problem: string): DeltaError {
  const rest = text.slice(position, position + 30)
  const place = rest === '' ? 'at the end' : `at position ${position} (${JSON.stringify(rest)})`
  return new DeltaError('InvalidArgument', `${problem} ${place} of the expression ${shown(text)}`, {
    details: { expression: text, position },
  })
}

function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text
}
