import type { ConflictRule } from './conflict-rule.js'

/** A winner that removed, or replaced, a file that this operation removes or replaces. */
export const concurrentDeleteDelete: ConflictRule = {
  code: 'ConcurrentDeleteDelete',
  help: 'Refresh the table and repeat the operation.',
  find(pending, winner) {
    const mine = new Set([...pending.removes, ...pending.adds].map(({ path }) => path))
    const twice = [...winner.removes, ...winner.adds].find(({ path }) => mine.has(path))
    return twice === undefined ? undefined : { what: `changed the same file, ${twice.path}`, path: twice.path }
  },
}
