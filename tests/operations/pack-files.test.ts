import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packFiles } from '../../src/operations/optimize/pack-files.js'
import type { AddFile } from '../../src/protocol/actions/action.js'

const TARGET = 1000

const file = fc.record({ size: fc.integer({ min: 1, max: 1500 }), partition: fc.constantFrom('a', 'b', null) })
const filesOf = (specs: readonly { size: number; partition: string | null }[]): AddFile[] =>
  specs.map(({ size, partition }, i) => ({
    type: 'add',
    path: `f${i}`,
    partitionValues: { p: partition },
    size,
    modificationTime: 0,
    dataChange: true,
  }))
const position = ({ path }: AddFile): number => Number(path.slice(1))

describe('files that are compacted together', () => {
  it('are of one partition, in the order of the log, small, and no more than fit', () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 60 }), (specs) => {
        const groups = packFiles(filesOf(specs), TARGET)
        const seen = new Set<string>()
        for (const group of groups) {
          expect(group.length).toBeGreaterThan(1)
          expect(new Set(group.map(({ partitionValues }) => partitionValues.p)).size).toBe(1)
          expect(group.map(position)).toEqual(group.map(position).sort((a, b) => a - b))
          expect(group.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(TARGET)
          for (const { path, size } of group) {
            expect(size).toBeLessThan(0.75 * TARGET)
            expect(seen.has(path)).toBe(false)
            seen.add(path)
          }
        }
      }),
    )
  })

  it('leave nothing that would fit together with its neighbour', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 749 }), { maxLength: 40 }), (sizes) => {
        const files = filesOf(sizes.map((size) => ({ size, partition: 'a' })))
        const grouped = new Set(packFiles(files, TARGET).flat())
        files.slice(1).forEach((next, i) => {
          const before = files[i] as AddFile
          if (grouped.has(before) || grouped.has(next)) return
          expect(before.size + next.size).toBeGreaterThan(TARGET)
        })
      }),
    )
  })

  it.each([
    ['many rows are deleted', 6, 1],
    ['few rows are deleted', 4, 0],
  ])('are one alone only where %s', (_, cardinality, groups) => {
    const [whole] = filesOf([{ size: 5000, partition: 'a' }])
    const deletionVector = { storageType: 'i', pathOrInlineDv: 'x', sizeInBytes: 1, cardinality } as const
    const deleted = { ...(whole as AddFile), stats: '{"numRecords":100}', deletionVector }
    expect(packFiles([deleted], TARGET)).toHaveLength(groups)
  })
})
