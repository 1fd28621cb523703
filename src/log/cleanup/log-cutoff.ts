export const DAY_MS = 86_400_000

/** Commits after this instant are kept: midnight UTC of the day on which the retention (in ms) ends. Milliseconds since the epoch. */
export function logCutoff(now: number, retention: number): number {
  return midnight(now - retention)
}

/** The beginning of a day, UTC. */
export function midnight(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS
}
