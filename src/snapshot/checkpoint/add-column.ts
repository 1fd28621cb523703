import { Bool, Int64, Utf8 } from 'apache-arrow'
import { arrowType } from '../../arrow/arrow-schema.js'
import { type Column, makeColumn } from '../../arrow/column.js'
import { encodeField } from '../../arrow/encode/encode-column.js'
import { nullColumn } from '../../arrow/null-column.js'
import { allValid, bitmapBytes, clearBit } from '../../arrow/validity.js'
import { DeltaError } from '../../errors/delta-error.js'
import type { StructField, StructType } from '../../schema/data-type.js'
import type { LiveBlock } from '../files/live-block.js'
import { concatLongs, type LongColumn, longAt } from '../files/long-column.js'
import { sliceText, type TextColumn } from '../files/text-column.js'
import { withKnownFields } from './action-row.js'
import type { ParsedColumns } from './parsed-columns.js'
import { partitionMaps } from './partition-maps.js'

/**
 * The live files of a block, whose statistics are loaded, as the column `add` of a checkpoint. Columns are copied as columns; only what few
 * files have goes through objects.
 *
 * @param type of the column: any of the fields of an add action, and those of `parsed`
 */
export function addColumn(chunk: LiveBlock, type: StructType, parsed: ParsedColumns | undefined): Column {
  const { length } = chunk
  const parsedRows = parsed && Array.from({ length }, (_, i) => parsed.values(chunk.addFile(i)) as Row)
  const children = type.fields.map((field) => columnOf(chunk, field, parsedRows))
  return makeColumn(arrowType(type), { length, nullCount: 0, children })
}

interface Row {
  readonly [name: string]: unknown
}

function columnOf(chunk: LiveBlock, field: StructField, parsed: readonly Row[] | undefined): Column {
  const { columns } = chunk.block
  const rows = (value: (i: number) => unknown): Column =>
    encodeField(
      Array.from({ length: chunk.length }, (_, i) => value(i)),
      field,
      PLACE,
    )
  const none = (): Column => nullColumn(arrowType(field.dataType), chunk.length)
  switch (field.name) {
    case 'path':
      return textColumnOf(sliceText(columns.paths, chunk.runs()))
    case 'partitionValues':
      return partitionMaps(chunk)
    case 'size':
      return longColumnOf(chunk, columns.sizes)
    case 'modificationTime':
      return longColumnOf(chunk, columns.modificationTimes)
    case 'dataChange':
      return makeColumn(new Bool(), { length: chunk.length, values: new Uint8Array(bitmapBytes(chunk.length)) })
    case 'stats':
      return columns.statistics.texts === undefined
        ? none()
        : textColumnOf(sliceText(columns.statistics.texts, chunk.runs()))
    case 'baseRowId':
      return columns.baseRowIds === undefined ? none() : longColumnOf(chunk, columns.baseRowIds)
    case 'defaultRowCommitVersion':
      return columns.defaultRowCommitVersions === undefined
        ? none()
        : longColumnOf(chunk, columns.defaultRowCommitVersions)
    case 'deletionVector':
      return columns.vectors === undefined
        ? none()
        : rows((i) => withKnownFields(chunk.deletionVector(i), field.dataType))
    case 'tags':
    case 'clusteringProvider': {
      const { name } = field
      return columns.rest === undefined ? none() : rows((i) => chunk.rest(i)?.[name])
    }
    case 'partitionValues_parsed':
    case 'stats_parsed':
      return rows((i) => parsed?.[i]?.[field.name])
    default:
      throw new DeltaError('Internal', `A checkpoint has no column add.${field.name}.`)
  }
}

/** What is encoded comes from the log, whose parser has checked it: nothing can be amiss. */
const PLACE = { path: ['add'], row: (index: number) => index }

/** Empty texts are null. */
function textColumnOf({ data, offsets }: TextColumn): Column {
  const length = offsets.length - 1
  let validity: Uint8Array | undefined
  let nullCount = 0
  for (let i = 0; i < length; i++) {
    if (offsets[i] !== offsets[i + 1]) continue
    validity ??= allValid(length)
    clearBit(validity, i)
    nullCount++
  }
  return makeColumn(new Utf8(), { length, nullCount, validity, offsets, values: data })
}

function longColumnOf(chunk: LiveBlock, column: LongColumn): Column {
  // A copy of its own, so that it begins where a BigInt64Array may begin.
  const halves = concatLongs([{ column, runs: chunk.runs() }])
  const { length } = chunk
  let validity: Uint8Array | undefined
  let nullCount = 0
  for (let i = 0; i < length; i++) {
    if (longAt(halves, i) !== undefined) continue
    validity ??= allValid(length)
    clearBit(validity, i)
    nullCount++
  }
  return makeColumn(new Int64(), { length, nullCount, validity, values: new BigInt64Array(halves.buffer) })
}
