/** Yields what a stream yields, and has it work on the next item while one is taken. */
export async function* oneAhead<T>(stream: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  let next = stream.next()
  try {
    while (true) {
      const result = await next
      if (result.done) return
      next = stream.next()
      // It is thrown when its turn comes, if it does.
      next.catch(() => undefined)
      yield result.value
    }
  } finally {
    await stream.return()
  }
}
