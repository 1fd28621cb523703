/**
 * Maps `items` with at most `limit` calls in flight and yields the results in the order of the items.
 * The first failure is thrown when its turn comes; work already started is left to finish.
 */
export async function* mapConcurrent<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  map: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const inFlight: Promise<R>[] = []
  let index = 0
  for await (const item of items) {
    const promise = map(item, index++)
    promise.catch(() => undefined)
    inFlight.push(promise)
    if (inFlight.length >= limit) yield await (inFlight.shift() as Promise<R>)
  }
  while (inFlight.length > 0) yield await (inFlight.shift() as Promise<R>)
}
