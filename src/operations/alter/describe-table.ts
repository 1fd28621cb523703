import type { Metadata } from '../../protocol/actions/action.js'
import type { TableChange } from './table-change.js'

/** What a table says of itself; null takes it away. */
export interface TableDescription {
  readonly name?: string | null | undefined
  readonly description?: string | null | undefined
}

/** Sets the name or the description that a table has in its metadata. Where it lies stays. */
export function describeTable({ name, description }: TableDescription): TableChange {
  return ({ metadata }) => {
    const changed = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) }
    const { name: _name, description: _description, ...rest } = metadata
    const wanted = { name: metadata.name, description: metadata.description, ...changed }
    const after: Metadata = {
      ...rest,
      ...(typeof wanted.name === 'string' && { name: wanted.name }),
      ...(typeof wanted.description === 'string' && { description: wanted.description }),
    }
    const isSame = after.name === metadata.name && after.description === metadata.description
    const operation = { operation: 'UPDATE TABLE METADATA', operationParameters: changed }
    return isSame ? operation : { ...operation, metadata: after }
  }
}
