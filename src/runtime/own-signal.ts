/** Work under way, by the signal that ends it. */
const relays = new WeakMap<AbortSignal, Set<AbortController>>()

/**
 * Runs work with a signal of its own that fires when the given one does. However much runs at once, the given signal has one listener: platforms warn of
 * signals that have many.
 */
export async function withOwnSignal<T>(
  signal: AbortSignal | undefined,
  work: (own: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (signal === undefined || signal.aborted) return work(signal)
  const underWay = relays.get(signal) ?? relay(signal)
  const own = new AbortController()
  underWay.add(own)
  try {
    return await work(own.signal)
  } finally {
    underWay.delete(own)
  }
}

function relay(signal: AbortSignal): Set<AbortController> {
  const underWay = new Set<AbortController>()
  relays.set(signal, underWay)
  const onAbort = (): void => {
    for (const own of underWay) own.abort(signal.reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return underWay
}
