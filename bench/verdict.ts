import type { Outcome } from './measure.js'

/** One goal of one benchmark and what was reached. `met` is undefined where the other side did not run. */
export interface Verdict {
  readonly goal: string
  readonly reached: string
  readonly met: boolean | undefined
}

/** Every goal of a benchmark, judged. */
export function verdicts({ benchmark: { goals }, ours, theirs }: Outcome): Verdict[] {
  const atMost = (goal: number | undefined, value: number | undefined, unit: string): Verdict[] =>
    goal === undefined || value === undefined
      ? []
      : [{ goal: `<= ${goal}${unit}`, reached: `${round(value)}${unit}`, met: value <= goal }]
  const ratio = theirs === undefined ? undefined : theirs.ms / ours.ms
  return [
    ...(goals.ratio === undefined
      ? []
      : [
          {
            goal: `>= ${goals.ratio}x`,
            reached: ratio === undefined ? 'other side not run' : `${round(ratio)}x`,
            met: ratio === undefined ? undefined : ratio >= goals.ratio,
          },
        ]),
    ...atMost(goals.ms, ours.ms, ' ms'),
    ...atMost(goals.cpuMs, ours.cpuMs, ' ms CPU'),
    ...atMost(goals.roundTrips, ours.roundTrips, ' round trips'),
    ...atMost(goals.rssMb, ours.rssMb, ' MiB'),
  ]
}

/** Three digits that matter. */
export function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
