import type { Outcome } from './measure.js'
import { round, verdicts } from './verdict.js'

const columns = ['benchmark', 'ours', 'theirs', 'our RSS', 'their RSS', 'goals'] as const

/** The table of all benchmarks: medians, peak memory, goals and whether they were met. */
export function reportText(outcomes: readonly Outcome[], judged: boolean): string {
  const rows = outcomes.map((outcome) => [
    outcome.name,
    `${round(outcome.ours.ms)} ms`,
    outcome.theirs === undefined ? '-' : `${round(outcome.theirs.ms)} ms`,
    `${round(outcome.ours.rssMb)} MiB`,
    outcome.theirs === undefined ? '-' : `${round(outcome.theirs.rssMb)} MiB`,
    verdicts(outcome)
      .map(
        ({ goal, reached, met }) =>
          `${judged && met !== undefined ? (met ? 'met ' : 'MISSED ') : ''}${reached} (${goal})`,
      )
      .join(', '),
  ])
  const widths = columns.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(columns), ...rows.map(line)].join('\n')
}
