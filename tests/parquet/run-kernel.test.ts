import { describe, expect, it, vi } from 'vitest'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { toIpc } from '../../src/arrow/ipc.js'
import { columnLayouts } from '../../src/parquet/column-layout.js'
import { runInline, runInWorker } from '../../src/parquet/run-kernel.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { parquetFixture } from '../support/parquet-fixture.js'

const batch = encodeRows(
  [
    { id: 1, t: 'a' },
    { id: null, t: 'b' },
  ],
  parseSchemaText('id BIGINT, t STRING'),
)
const settings = { compression: 'snappy', rowGroupRows: 100, createdBy: 'test', unbounded: [] } as const

describe('the kernel gives the same in a worker and in this thread', () => {
  it('when it encodes and decodes', async () => {
    const ipc = toIpc(batch.schema, [batch])
    const inline = runInline('encode', ipc, settings)
    const inWorker = await runInWorker('encode', [ipc.slice(), settings], [])
    expect(Buffer.compare(inline, inWorker)).toBe(0)
    const layouts = columnLayouts(batch.schema.fields)
    expect(await runInWorker('decode', [inWorker, layouts, 10], [])).toEqual(runInline('decode', inline, layouts, 10))
  })

  it('when it fails, and it works again afterwards', async () => {
    const bytes = await parquetFixture('codec-snappy')
    const damaged = bytes.map((byte, i) => (i >= 4 && i < 400 ? byte ^ 0xff : byte))
    const layouts = columnLayouts(batch.schema.fields)
    expect(() => runInline('decode', damaged, layouts, 10)).toThrow()
    await expect(runInWorker('decode', [damaged, layouts, 10], [])).rejects.toThrow()
    expect(runInline('decode', bytes, layouts, 1000).batches).toHaveLength(1)
    expect((await runInWorker('decode', [bytes, layouts, 1000], [])).batches).toHaveLength(1)
  })
})

describe('the kernel is loaded', () => {
  it('once there was enough to read', async () => {
    const { paysInKernel } = await fresh()
    expect(paysInKernel(1 << 20)).toBe(false)
    expect(paysInKernel(2 << 20)).toBe(false)
    expect(paysInKernel(2 << 20)).toBe(true)
  })

  it('where it was needed before, and used from then on', async () => {
    const { paysInKernel, runInline: run } = await fresh()
    expect(paysInKernel(1)).toBe(false)
    run('encode', toIpc(batch.schema, [batch]), settings)
    expect(paysInKernel(1)).toBe(true)
  })
})

/** As a program has it that begins. */
async function fresh(): Promise<typeof import('../../src/parquet/run-kernel.js')> {
  vi.resetModules()
  return await import('../../src/parquet/run-kernel.js')
}
