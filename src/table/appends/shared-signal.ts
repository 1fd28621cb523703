/**
 * A signal for work that several callers wait for: it fires when the last of them has given up. Undefined where one of them cannot.
 */
export function sharedSignal(signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined)
  if (given.length === 0 || given.length < signals.length) return undefined
  if (given.length === 1) return given[0]
  const controller = new AbortController()
  let waiting = given.length
  const giveUp = (reason: unknown): void => {
    if (--waiting === 0) controller.abort(reason)
  }
  for (const signal of given) {
    if (signal.aborted) giveUp(signal.reason)
    else signal.addEventListener('abort', () => giveUp(signal.reason), { once: true, signal: controller.signal })
  }
  return controller.signal
}
