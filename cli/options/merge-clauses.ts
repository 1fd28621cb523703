import { type Command, InvalidArgumentError, Option } from 'commander'
import type { MergeBuilder } from '../../src/index.js'
import { type Assignments, assignments } from './assignments.js'

type Builder = MergeBuilder<object>

/** A clause as it stands on the command line: `--if` adds the condition afterwards. */
interface Clause {
  condition?: string
  readonly add: (merge: Builder, condition: string | undefined) => Builder
}

/** Gives a command the clauses of a merge; what comes back adds those that were given to a merge, in their order. */
export function mergeClauseOptions(command: Command): (merge: Builder) => Builder {
  const clauses: Clause[] = []
  const clause = (flags: string, what: string, add: (value: string) => Clause['add']): Option =>
    // Without a preset nothing is told of an option that has no value.
    new Option(flags, what).preset('').argParser((text: string) => {
      clauses.push({ add: add(text) })
      return text
    })
  command
    .addOption(
      clause('--when-matched-update <set>', 'rows that match: "all", or COLUMN=EXPR,...', (text) => {
        const set = setOf(text)
        return (merge, condition) =>
          set === 'all' ? merge.whenMatchedUpdateAll({ condition }) : merge.whenMatchedUpdate({ set, condition })
      }),
    )
    .addOption(
      clause('--when-matched-delete [condition]', 'delete rows that match', (text) =>
        conditional(text, 'whenMatchedDelete'),
      ),
    )
    .addOption(
      clause('--when-not-matched-insert <values>', 'rows only the source has: "all", or COLUMN=EXPR,...', (text) => {
        const values = setOf(text)
        return (merge, condition) =>
          values === 'all'
            ? merge.whenNotMatchedInsertAll({ condition })
            : merge.whenNotMatchedInsert({ values, condition })
      }),
    )
    .addOption(
      clause('--when-not-matched-by-source-update <set>', 'rows only the table has: COLUMN=EXPR,...', (text) => {
        const set = assignments(text)
        return (merge, condition) => merge.whenNotMatchedBySourceUpdate({ set, condition })
      }),
    )
    .addOption(
      clause('--when-not-matched-by-source-delete [condition]', 'delete rows that only the table has', (text) =>
        conditional(text, 'whenNotMatchedBySourceDelete'),
      ),
    )
    .addOption(
      new Option('--if <condition>', 'when the clause before it applies').argParser((condition: string) => {
        const last = clauses.at(-1)
        if (last === undefined) throw new InvalidArgumentError('It stands behind the clause that it is about.')
        last.condition = condition
        return condition
      }),
    )
  return (merge) => clauses.reduce((built, { add, condition }) => add(built, condition), merge)
}

function setOf(text: string): 'all' | Assignments {
  return text.trim().toLowerCase() === 'all' ? 'all' : assignments(text)
}

/** @param own the condition that stands right behind the option, empty for none */
function conditional(own: string, method: 'whenMatchedDelete' | 'whenNotMatchedBySourceDelete'): Clause['add'] {
  return (merge, condition) => merge[method]({ condition: condition ?? (own === '' ? undefined : own) })
}
