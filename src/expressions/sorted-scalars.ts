import type { Scalar } from '../schema/scalar.js'
import type { ScalarOrder } from '../schema/scalar-order.js'

/** Whether a value is among sorted ones. */
export function includesScalar(sorted: readonly Scalar[], value: Scalar, order: ScalarOrder): boolean {
  const found = sorted[firstNotBelow(sorted, value, order)]
  return found !== undefined && order(found, value) === 0
}

/** The position of the first of sorted values that is not smaller than `value`; their number where all are. */
export function firstNotBelow(sorted: readonly Scalar[], value: Scalar, order: ScalarOrder): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (order(sorted[middle] as Scalar, value) < 0) low = middle + 1
    else high = middle
  }
  return low
}
