import { CURRENT_DEFAULT, GENERATION_EXPRESSION, type IdentityOptions, identityMetadata } from './column-rules.js'
import type { StructField } from './data-type.js'
import type { SchemaTokenCursor } from './schema-token-cursor.js'

type Metadata = StructField['metadata']

/**
 * Reads what follows the type of a column, in any order: `NOT NULL`, `COMMENT 'text'`, `DEFAULT expression`, `GENERATED ...`.
 * @param isColumn false for fields of structs, which are not computed
 */
export function columnClauses(at: SchemaTokenCursor, isColumn: boolean): Pick<StructField, 'nullable' | 'metadata'> {
  let nullable = true
  let metadata: Metadata = {}
  for (;;) {
    const clause = at.token
    if (at.skipNotNull()) nullable = false
    else if (at.skipWord('COMMENT')) metadata = { ...metadata, comment: at.string() }
    else if (at.skipWord('DEFAULT')) metadata = { ...metadata, [CURRENT_DEFAULT]: at.textUntil(CLAUSES) }
    else if (at.skipWord('GENERATED')) metadata = { ...metadata, ...generated(at) }
    else if (!at.skipWord('NULL')) return { nullable, metadata }
    if (!isColumn && Object.keys(metadata).some((key) => key !== 'comment')) {
      at.fail('Only columns can be computed, not fields of structs:', clause)
    }
  }
}

/** What ends the expression of a default. */
const CLAUSES = ['COMMENT', 'GENERATED', 'NOT']

/** `ALWAYS AS (expression)`, `ALWAYS AS IDENTITY`, `BY DEFAULT AS IDENTITY (START WITH 1 INCREMENT BY 1)`. */
function generated(at: SchemaTokenCursor): Metadata {
  const byDefault = at.skipWord('BY')
  if (!at.skipWord(byDefault ? 'DEFAULT' : 'ALWAYS')) at.fail('Expected ALWAYS or BY DEFAULT')
  if (!at.skipWord('AS')) at.fail('Expected AS')
  if (at.skipWord('IDENTITY')) return identityMetadata({ ...numbering(at), allowExplicitInsert: byDefault })
  if (byDefault) at.fail('Expected IDENTITY')
  at.expectMark('(')
  const expression = at.textUntil([])
  at.expectMark(')')
  return { [GENERATION_EXPRESSION]: expression }
}

function numbering(at: SchemaTokenCursor): IdentityOptions {
  if (!at.skipMark('(')) return {}
  let options: IdentityOptions = {}
  while (!at.skipMark(')')) {
    if (at.skipWord('START') && at.skipWord('WITH')) options = { ...options, start: integer(at) }
    else if (at.skipWord('INCREMENT') && at.skipWord('BY')) options = { ...options, step: integer(at) }
    else at.fail('Expected START WITH or INCREMENT BY')
  }
  return options
}

function integer(at: SchemaTokenCursor): bigint {
  const sign = at.skipMark('-') ? '-' : ''
  const { kind, text } = at.token
  if (kind !== 'word' || !/^\d{1,19}$/.test(text)) at.fail('Expected a whole number')
  at.take()
  return BigInt(`${sign}${text}`)
}
