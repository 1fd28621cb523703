import { DeltaError } from '../../errors/delta-error.js'
import { BASIC, PRIMITIVE } from './variant-format.js'
import { readUnsigned } from './variant-primitive.js'

const FIXED: { readonly [type: number]: number } = {
  [PRIMITIVE.null]: 0,
  [PRIMITIVE.true]: 0,
  [PRIMITIVE.false]: 0,
  [PRIMITIVE.int8]: 1,
  [PRIMITIVE.int16]: 2,
  [PRIMITIVE.int32]: 4,
  [PRIMITIVE.int64]: 8,
  [PRIMITIVE.double]: 8,
  [PRIMITIVE.decimal4]: 5,
  [PRIMITIVE.decimal8]: 9,
  [PRIMITIVE.decimal16]: 17,
  [PRIMITIVE.date]: 4,
  [PRIMITIVE.timestamp]: 8,
  [PRIMITIVE.timestampNtz]: 8,
  [PRIMITIVE.float]: 4,
  [PRIMITIVE.timeNtz]: 8,
  [PRIMITIVE.timestampNanos]: 8,
  [PRIMITIVE.timestampNtzNanos]: 8,
  [PRIMITIVE.uuid]: 16,
}

/** The fields of a variant that is an object: ids and bytes of the values. Undefined where it is none. */
export function variantFieldsOf(value: Uint8Array): { readonly id: number; readonly value: Uint8Array }[] | undefined {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  const header = view.getUint8(0)
  if ((header & 3) !== BASIC.object) return undefined
  const { count, ids, idWidth, offsets, offsetWidth, values } = objectParts(view, 0, header)
  return Array.from({ length: count }, (_, i) => {
    const start = values + readUnsigned(view, offsets + i * offsetWidth, offsetWidth)
    return {
      id: readUnsigned(view, ids + i * idWidth, idWidth),
      value: value.subarray(start, start + variantSize(view, start)),
    }
  })
}

/** Bytes of the value that begins at `at`. */
function variantSize(view: DataView, at: number): number {
  const header = view.getUint8(at)
  switch (header & 3) {
    case BASIC.primitive: {
      const type = header >> 2
      if (type === PRIMITIVE.string || type === PRIMITIVE.binary) return 5 + readUnsigned(view, at + 1, 4)
      const size = FIXED[type]
      if (size !== undefined) return 1 + size
      throw new DeltaError(
        'UnsupportedFeature',
        `A variant value has the type ${type}, which this version does not know.`,
      )
    }
    case BASIC.shortString:
      return 1 + (header >> 2)
    case BASIC.object: {
      const { count, offsets, offsetWidth, values } = objectParts(view, at, header)
      return values - at + readUnsigned(view, offsets + count * offsetWidth, offsetWidth)
    }
    default: {
      const offsetWidth = ((header >> 2) & 3) + 1
      const countWidth = header & 0x10 ? 4 : 1
      const count = readUnsigned(view, at + 1, countWidth)
      const offsets = at + 1 + countWidth
      const values = offsets + (count + 1) * offsetWidth
      return values - at + readUnsigned(view, offsets + count * offsetWidth, offsetWidth)
    }
  }
}

function objectParts(
  view: DataView,
  at: number,
  header: number,
): { count: number; ids: number; idWidth: number; offsets: number; offsetWidth: number; values: number } {
  const offsetWidth = ((header >> 2) & 3) + 1
  const idWidth = ((header >> 4) & 3) + 1
  const countWidth = header & 0x40 ? 4 : 1
  const count = readUnsigned(view, at + 1, countWidth)
  const ids = at + 1 + countWidth
  const offsets = ids + count * idWidth
  return { count, ids, idWidth, offsets, offsetWidth, values: offsets + (count + 1) * offsetWidth }
}
