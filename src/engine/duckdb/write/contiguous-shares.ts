/** Splits a list into at most `count` runs of about equal weight, none of them empty. */
export function contiguousShares<T>(items: readonly T[], count: number, weight: (item: T) => number): T[][] {
  const total = items.reduce((sum, item) => sum + weight(item), 0)
  const shares: T[][] = []
  let before = 0
  let current = -1
  for (const item of items) {
    // An item belongs where its middle lies.
    const share = total === 0 ? 0 : Math.min(count - 1, Math.floor(((before + weight(item) / 2) / total) * count))
    if (share === current) shares.at(-1)?.push(item)
    else shares.push([item])
    current = share
    before += weight(item)
  }
  return shares
}
