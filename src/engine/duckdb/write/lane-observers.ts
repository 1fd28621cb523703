import { type Observer, tell } from '../../../runtime/observer.js'

/** One observer a lane; what they are told is told on as one progress: the sum of the rows, the mean of the fractions. */
export function laneObservers(observer: Observer | undefined, lanes: number): readonly (Observer | undefined)[] {
  if (observer === undefined) return []
  const rows = new Array<number>(lanes).fill(0)
  const fractions = new Array<number>(lanes).fill(0)
  return rows.map((_, lane) => ({
    on(event) {
      if (event.type !== 'progress') return tell(observer, event)
      rows[lane] = event.rows ?? 0
      fractions[lane] = event.fraction ?? 0
      tell(observer, { ...event, rows: sum(rows), fraction: sum(fractions) / lanes })
    },
  }))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
