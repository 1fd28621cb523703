import { DeltaError } from '../../errors/delta-error.js'
import { isObject, optionalField, type RawAction, requireField } from './action-field.js'

/**
 * Checks the `deletionVector` of a file action in place (PROTOCOL.md, "Deletion Vector Descriptor Schema"). Some writers say "none" with a
 * descriptor whose storage type is empty.
 */
export function parseDeletionVectorDescriptor(action: RawAction): void {
  const descriptor = action.deletionVector
  if (descriptor === undefined) return
  if (descriptor === null) {
    action.deletionVector = undefined
    return
  }
  if (!isObject(descriptor)) throw new DeltaError('CorruptLog', "field 'deletionVector' is not a JSON object")
  if (descriptor.storageType === '' || descriptor.storageType === null) {
    action.deletionVector = undefined
    return
  }
  requireField(descriptor, 'storageType', 'string')
  if (!['u', 'i', 'p'].includes(descriptor.storageType as string)) {
    throw new DeltaError(
      'CorruptLog',
      `field 'deletionVector.storageType' is '${descriptor.storageType}', not u, i or p`,
    )
  }
  requireField(descriptor, 'pathOrInlineDv', 'string')
  optionalField(descriptor, 'offset', 'number')
  requireField(descriptor, 'sizeInBytes', 'number')
  requireField(descriptor, 'cardinality', 'number')
}
