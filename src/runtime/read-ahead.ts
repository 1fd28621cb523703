/** A stream that can be started before its turn. */
interface Started<R> {
  readonly iterator: AsyncIterator<R>
  readonly first: Promise<IteratorResult<R>>
  readonly weight: number
}

export interface ReadAheadOptions<T> {
  /** What a stream costs while it waits, in the unit of `budget`. */
  readonly weigh: (item: T) => number
  /** A stream is started ahead if, with it, those that are open weigh no more than this. */
  readonly budget: number
  /** At most so many wait. */
  readonly limit: number
}

/**
 * Yields all of the first item's stream, then all of the second's, and so on; the streams that come next are started meanwhile, each up to its
 * first result. When the caller stops early, what was started is closed.
 */
export async function* readAhead<T, R>(
  items: Iterable<T>,
  open: (item: T) => AsyncIterator<R>,
  { weigh, budget, limit }: ReadAheadOptions<T>,
): AsyncGenerator<R, void, undefined> {
  const source = items[Symbol.iterator]()
  const waiting: Started<R>[] = []
  let weight = 0
  let next = source.next()
  const fill = (): void => {
    while (!next.done && waiting.length < limit) {
      const weightOfNext = weigh(next.value)
      if (weight > 0 && weight + weightOfNext > budget) return
      waiting.push(start(open(next.value), weightOfNext))
      weight += weightOfNext
      next = source.next()
    }
  }
  let current: Started<R> | undefined
  try {
    for (fill(); waiting.length > 0; fill()) {
      current = waiting.shift() as Started<R>
      fill()
      for (let result = await current.first; !result.done; result = await current.iterator.next()) yield result.value
      weight -= current.weight
      current = undefined
    }
  } finally {
    if (current !== undefined) waiting.unshift(current)
    await Promise.allSettled(waiting.map(({ iterator }) => iterator.return?.()))
  }
}

function start<R>(iterator: AsyncIterator<R>, weight: number): Started<R> {
  const first = iterator.next()
  first.catch(() => undefined)
  return { iterator, first, weight }
}
