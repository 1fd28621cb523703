import type { RecordBatch, Schema } from 'apache-arrow'

/** Arrow bytes of a row group. */
const GROUP_BYTES = 16 << 20
/** Row groups that are encoded while the next one fills. */
const AHEAD = 1

/**
 * Batches as a Parquet file, piece by piece, for what is read from a table to go elsewhere. A few row groups are held, whatever the size of the file.
 *
 * @param schema of the batches, should there be none
 */
export async function* exportParquet(
  batches: AsyncIterable<RecordBatch>,
  schema?: Schema,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { RowGroupJoiner } = await import('../parquet/join-row-groups.js')
  const joiner = new RowGroupJoiner()
  const encoding: Promise<EncodedGroup>[] = []
  for await (const group of rowGroups(batches, schema)) {
    const encoded = encodeGroup(group)
    encoded.catch(() => undefined)
    encoding.push(encoded)
    if (encoding.length > AHEAD) yield joiner.add(await (encoding.shift() as Promise<EncodedGroup>))
  }
  for (const encoded of encoding) yield joiner.add(await encoded)
  yield joiner.trailer()
}

interface BatchGroup {
  readonly schema: Schema
  readonly batches: readonly RecordBatch[]
}

/** At least one, so that the file has a schema. */
async function* rowGroups(batches: AsyncIterable<RecordBatch>, schema?: Schema): AsyncGenerator<BatchGroup> {
  const [{ Schema: ArrowSchema }, { batchBytes }] = await Promise.all([
    import('apache-arrow'),
    import('../arrow/batch-bytes.js'),
  ])
  let found = schema
  let waiting: RecordBatch[] = []
  let bytes = 0
  let isFirst = true
  for await (const batch of batches) {
    found ??= batch.schema
    waiting.push(batch)
    bytes += batchBytes(batch)
    if (bytes < GROUP_BYTES) continue
    yield { schema: found, batches: waiting }
    waiting = []
    bytes = 0
    isFirst = false
  }
  if (waiting.length > 0 || isFirst) yield { schema: found ?? new ArrowSchema(), batches: waiting }
}

type EncodedGroup = Parameters<import('../parquet/join-row-groups.js').RowGroupJoiner['add']>[0]

async function encodeGroup({ schema, batches }: BatchGroup): Promise<EncodedGroup> {
  const [{ encodeParquet }, { footerOf }] = await Promise.all([
    import('../parquet/encode-parquet.js'),
    import('../parquet/footer.js'),
  ])
  const file = await encodeParquet(batches, { schema })
  return { file, footer: await footerOf(file, 'export') }
}
