import type { RecordBatch, Schema } from 'apache-arrow'

/** Arrow bytes that are encoded at a time. */
const PART_BYTES = 256 * 1024 * 1024

/**
 * Batches as the bytes of one Parquet file, for what is read from a table to go elsewhere. Holds the bytes of the file, not the rows.
 *
 * @param schema of the batches, should there be none
 */
export async function exportParquet(batches: AsyncIterable<RecordBatch>, schema?: Schema): Promise<Uint8Array> {
  const [{ encodeParquet }, { footerOf }, { joinRowGroups }] = await Promise.all([
    import('../parquet/encode-parquet.js'),
    import('../parquet/footer.js'),
    import('../parquet/join-row-groups.js'),
  ])
  const parts: Uint8Array<ArrayBuffer>[] = []
  let waiting: RecordBatch[] = []
  let bytes = 0
  let found = schema
  const encode = async (): Promise<void> => {
    const { Schema } = await import('apache-arrow')
    parts.push(await encodeParquet(waiting, { schema: found ?? new Schema() }))
    waiting = []
    bytes = 0
  }
  for await (const batch of batches) {
    found ??= batch.schema
    waiting.push(batch)
    bytes += batch.data.children.reduce((sum, column) => sum + column.byteLength, 0)
    if (bytes >= PART_BYTES) await encode()
  }
  if (waiting.length > 0 || parts.length === 0) await encode()
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  return joinRowGroups(await Promise.all(parts.map(async (file) => ({ file, footer: await footerOf(file, 'export') }))))
}
