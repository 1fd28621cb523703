import { type DataType as ArrowType, DataType } from 'apache-arrow'
import { arrowType } from '../arrow-schema.js'
import { byteOffsets } from '../byte-offsets.js'
import type { Column } from '../column.js'
import { validityTest } from '../validity.js'
import type { CastRules } from './cast-rules.js'
import { rebuildColumn } from './rebuild-column.js'

const VIEW_BYTES = 16
const INLINE_BYTES = 12
const strictDecoder = new TextDecoder('utf-8', { fatal: true })

/** Text or binary of any physical form. Undefined for other types. */
export function castBytes(
  column: Column,
  to: 'string' | 'binary',
  path: readonly string[],
  rules: CastRules,
): Column | undefined {
  const { type } = column
  const isText = DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)
  if (!isText && !isBinary(type)) return undefined
  if ((to === 'string') !== isText && !rules.lenient) return undefined
  const plain = plainBytes(column, to)
  if (to === 'string' && !isText) checkText(plain, path, rules)
  return plain
}

function isBinary(type: ArrowType): boolean {
  return (
    DataType.isBinary(type) ||
    DataType.isLargeBinary(type) ||
    DataType.isBinaryView(type) ||
    DataType.isFixedSizeBinary(type)
  )
}

function plainBytes(column: Column, to: 'string' | 'binary'): Column {
  const { type, length } = column
  const target = arrowType({ type: to })
  if (DataType.isUtf8(type) || DataType.isBinary(type)) return rebuildColumn(column, target)
  if (DataType.isFixedSizeBinary(type)) {
    return rebuildColumn(column, target, { offsets: byteOffsets(length, () => type.byteWidth) })
  }
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) return fromViews(column, target)
  const wide = column.valueOffsets as unknown as BigInt64Array
  const first = Number(wide[0] ?? 0n)
  const offsets = byteOffsets(length, (i) => Number((wide[i + 1] as bigint) - (wide[i] as bigint)))
  return rebuildColumn(column, target, {
    offsets,
    values: (column.values as Uint8Array).subarray(first, first + (offsets[length] as number)),
  })
}

/** Each view has the length, then either the bytes themselves (up to 12) or a prefix, the number of a buffer and a position in it. */
function fromViews(column: Column, target: ArrowType): Column {
  const views = column.values as Uint8Array
  const view = new DataView(views.buffer, views.byteOffset, views.byteLength)
  const valid = validityTest(column)
  const offsets = byteOffsets(column.length, (i) => (valid(i) ? view.getInt32(i * VIEW_BYTES, true) : 0))
  const values = new Uint8Array(offsets[column.length] as number)
  for (let i = 0; i < column.length; i++) {
    const size = (offsets[i + 1] as number) - (offsets[i] as number)
    const at = i * VIEW_BYTES
    const buffer = size <= INLINE_BYTES ? views : (column.variadicBuffers[view.getInt32(at + 8, true)] as Uint8Array)
    const start = size <= INLINE_BYTES ? at + 4 : view.getInt32(at + 12, true)
    values.set(buffer.subarray(start, start + size), offsets[i] as number)
  }
  return rebuildColumn(column, target, { offsets, values })
}

function checkText(column: Column, path: readonly string[], rules: CastRules): void {
  const offsets = column.valueOffsets as Int32Array
  const valid = validityTest(column)
  for (let i = 0; i < column.length; i++) {
    if (!valid(i)) continue
    try {
      strictDecoder.decode((column.values as Uint8Array).subarray(offsets[i], offsets[i + 1]))
    } catch {
      rules.misfit(path, 'a string', 'bytes that are not UTF-8', i)
    }
  }
}
