import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bindPredicate } from '../../src/expressions/bind.js'
import { evaluate } from '../../src/expressions/evaluate.js'
import { serializePartitionValue } from '../../src/protocol/partition-value.js'
import { planScan } from '../../src/scan/plan-scan.js'
import { storedName } from '../../src/schema/column-mapping.js'
import type { StructField, StructType } from '../../src/schema/data-type.js'
import type { Scalar } from '../../src/schema/scalar.js'
import { leavesOf, predicateOver } from '../support/arbitrary-predicate.js'
import { scalarOf } from '../support/arbitrary-scalar.js'
import { comparableType } from '../support/arbitrary-type.js'
import { snapshotOf } from '../support/snapshot-of.js'
import { type Habits, leafKey, type Row, writeStatistics } from './statistics-writer.js'

const habits: fc.Arbitrary<Habits> = fc.record({
  strings: fc.constantFrom('raised', 'cut', 'whole'),
  nan: fc.constantFrom('skipped', 'greatest'),
  decimals: fc.constantFrom('exact', 'double'),
  floats: fc.boolean(),
  spaces: fc.boolean(),
  nullCounts: fc.boolean(),
  skipsFirst: fc.boolean(),
})

interface TestFile {
  readonly partition: readonly (Scalar | null)[]
  /** Rows that are there, and rows that were deleted since the statistics were taken. */
  readonly live: readonly Row[]
  readonly deleted: readonly Row[]
  /** Undefined: no statistics. */
  readonly habits: Habits | null
}

/** Two partition columns, and data columns of which one may be inside a struct. */
const tables = fc
  .tuple(fc.array(comparableType, { minLength: 4, maxLength: 4 }), fc.boolean(), fc.boolean())
  .chain(([types, nested, mapped]) => {
    let id = 0
    const field = (name: string, dataType: StructField['dataType']): StructField => ({
      name,
      dataType,
      nullable: true,
      metadata: mapped ? { 'delta.columnMapping.physicalName': `col-${id++}` } : {},
    })
    const [p, q, a, b] = types as [
      StructField['dataType'],
      StructField['dataType'],
      StructField['dataType'],
      StructField['dataType'],
    ]
    const data = [field('a', a), nested ? field('s', { type: 'struct', fields: [field('a', b)] }) : field('b', b)]
    const partition = [field('p', p), field('q', q)]
    const schema: StructType = { type: 'struct', fields: [...partition, ...data] }
    return fc.array(fileOf(partition, data), { minLength: 1, maxLength: 5 }).chain((files) =>
      fc.record({
        schema: fc.constant(schema),
        mapped: fc.constant(mapped),
        files: fc.constant(files),
        predicates: fc.array(
          predicateOver(schema, (path) => valuesOf(files, path)),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    )
  })

function fileOf(partition: readonly StructField[], data: readonly StructField[]): fc.Arbitrary<TestFile> {
  const leaves = leavesOf({ type: 'struct', fields: data })
  return habits.chain((written) => {
    const values = leaves.map(([, type]) =>
      fc
        .option(scalarOf(type), { freq: 6 })
        .map((value) =>
          written.floats && type.type === 'double' && value !== null ? Math.fround(value as number) : value,
        ),
    )
    const row = fc
      .tuple(...values)
      .map((row): Row => new Map(leaves.map(([path], i) => [leafKey(path), row[i] ?? null])))
    return fc.record({
      partition: fc.tuple(...partition.map(({ dataType }) => fc.option(scalarOf(dataType), { freq: 6 }))),
      live: fc.array(row, { minLength: 1, maxLength: 3 }),
      deleted: fc.array(row, { maxLength: 2 }),
      habits: fc.option(fc.constant(written), { freq: 6 }),
    })
  })
}

function valuesOf(files: readonly TestFile[], path: readonly string[]): Scalar[] {
  const values = files.flatMap(({ partition: [p, q], live }) =>
    path[0] === 'p' ? [p] : path[0] === 'q' ? [q] : live.map((row) => row.get(leafKey(path))),
  )
  return values.filter((value) => value !== null && value !== undefined)
}

/** Partition values as a reader gets them back: what has no text became null. */
function written({ partition }: TestFile, fields: readonly StructField[]): (Scalar | null)[] {
  return fields.slice(0, 2).map(({ dataType }, i) => {
    const value = partition[i] ?? null
    if (dataType.type === 'binary')
      return value instanceof Uint8Array && value.length > 0 && value.every((byte) => byte < 128) ? value : null
    return value === '' ? null : value
  })
}

describe('pruning', () => {
  it('never drops a file with a matching row, whoever wrote the statistics', async () => {
    const seen = { kept: 0, prunedByPartition: 0, prunedByStatistics: 0, matching: 0 }
    await fc.assert(
      fc.asyncProperty(tables, async ({ schema, mapped, files, predicates }) => {
        const mode = mapped ? 'name' : 'none'
        const data: StructType = { type: 'struct', fields: schema.fields.slice(2) }
        const adds = files.map((file) => {
          const values = written(file, schema.fields)
          return {
            partitionValues: Object.fromEntries(
              schema.fields
                .slice(0, 2)
                .map((field, i) => [
                  storedName(field, mode),
                  serializePartitionValue(values[i] ?? null, field.dataType),
                ]),
            ),
            ...(file.habits && {
              stats: writeStatistics(data, [...file.live, ...file.deleted], file.deleted.length > 0, file.habits),
            }),
          }
        })
        const snapshot = snapshotOf({
          schema,
          partitionColumns: ['p', 'q'],
          configuration: { 'delta.columnMapping.mode': mode },
          chunks: [adds.slice(0, 2), adds.slice(2)],
        })
        for (const where of predicates) {
          const { counts, files: planned } = await planScan(snapshot, { where })
          const kept = new Set(Array.from(planned(), ({ path }) => path))
          expect(counts.kept).toBe(kept.size)
          expect(counts.kept + counts.prunedByPartition + counts.prunedByStatistics).toBe(files.length)
          const bound = bindPredicate(where, schema)
          for (const [i, file] of files.entries()) {
            const [p, q] = written(file, schema.fields)
            const matches = file.live.some(
              (row) =>
                evaluate(bound, ({ path }) =>
                  path[0] === 'p' ? (p ?? null) : path[0] === 'q' ? (q ?? null) : (row.get(leafKey(path)) ?? null),
                ) === true,
            )
            if (matches) expect(kept).toContain(i < 2 ? `part-0-${i}` : `part-1-${i - 2}`)
            seen.matching += Number(matches)
          }
          seen.kept += counts.kept
          seen.prunedByPartition += counts.prunedByPartition
          seen.prunedByStatistics += counts.prunedByStatistics
        }
      }),
      { numRuns: 400 },
    )
    // It is of use, too.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(80)
  })
})
