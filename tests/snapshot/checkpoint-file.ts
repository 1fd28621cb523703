import { arrowSchema } from '../../src/arrow/arrow-schema.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { fileFields, STATE_FIELDS, V2_FIELDS } from '../../src/log/checkpoint/checkpoint-schema.js'
import { encodeParquet } from '../../src/parquet/encode-parquet.js'
import type { Action } from '../../src/protocol/actions/action.js'
import type { StructType } from '../../src/schema/data-type.js'

const FIELDS = [...STATE_FIELDS, ...V2_FIELDS, ...fileFields({ statsAsJson: true, parsed: undefined })]

/** Actions as a Parquet file of a checkpoint, a row each, as any writer may have put them. */
export async function checkpointFile(
  actions: readonly Action[],
  options: { readonly rowGroupRows?: number; readonly columns?: readonly Action['type'][] } = {},
): Promise<Uint8Array> {
  const fields = FIELDS.filter(({ name }) => options.columns?.includes(name as Action['type']) ?? true)
  const schema: StructType = { type: 'struct', fields }
  const rows = actions.map(({ type, ...action }) => ({ [type]: action }))
  const { rowGroupRows } = options
  return encodeParquet([encodeRows(rows, schema)], {
    schema: arrowSchema(schema),
    ...(rowGroupRows === undefined ? {} : { rowGroupRows }),
  })
}
