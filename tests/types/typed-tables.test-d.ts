import { expectTypeOf } from 'vitest'
import { z } from 'zod'
import { array, DeltaTable, long, map, type Row, schemaFrom, string, struct, timestamp } from '../../src/index.js'

/** Compiled, not run: types that do not hold fail `tsc`. */
export async function typedTables(): Promise<void> {
  const Event = struct({ id: long().notNull(), at: timestamp(), tags: array(string()), marks: map(string(), long()) })
  const table = await DeltaTable.create('memory://types', { schema: Event })
  expectTypeOf<(typeof Event)['Row']>().toEqualTypeOf<{
    id: bigint
    at: Date | null
    tags: (string | null)[] | null
    marks: Map<string, bigint | null> | null
  }>()
  await table.append([{ id: 1n, at: null, tags: ['a', null], marks: null }])
  // @ts-expect-error a number is no long
  await table.append([{ id: 1, at: null, tags: null, marks: null }])
  // @ts-expect-error at may be null, not missing
  await table.append([{ id: 1n, tags: null, marks: null }])
  const [row] = await table.rows({ columns: ['id', 'at'] })
  expectTypeOf(row).toEqualTypeOf<{ id: bigint; at: Date | null } | undefined>()
  // @ts-expect-error there is no such column
  await table.rows({ columns: ['ids'] })

  const untyped = await DeltaTable.open('memory://types')
  expectTypeOf(await untyped.rows()).toEqualTypeOf<Pick<Row, string>[]>()

  const User = z.object({
    id: z.bigint(),
    name: z.string().optional(),
    born: z.date().nullable(),
    seen: z.array(z.object({ at: z.date(), why: z.string().nullish() })),
    kind: z.enum(['a', 'b']).default('a'),
  })
  const users = await DeltaTable.open('memory://types', { schema: schemaFrom(User) })
  const [user] = await users.rows()
  expectTypeOf(user?.id).toEqualTypeOf<bigint | undefined>()
  expectTypeOf(user?.name).toEqualTypeOf<string | null | undefined>()
  expectTypeOf(user?.born).toEqualTypeOf<Date | null | undefined>()
  expectTypeOf(user?.kind).toEqualTypeOf<'a' | 'b' | undefined>()
  expectTypeOf(user?.seen[0]?.why).toEqualTypeOf<string | null | undefined>()
  await users.append(
    [User.parse({})].map(({ id, born, seen, kind }) => ({ id, born, seen: seen.map(({ at }) => ({ at })), kind })),
  )
  // @ts-expect-error a row needs what zod needs
  await users.append([{ id: 1n, born: null, seen: [] }])
  // @ts-expect-error text is no schema
  schemaFrom('id BIGINT')
  // @ts-expect-error a row is an object
  schemaFrom(z.string())
}
