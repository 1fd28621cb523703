/** So far back files are looked at whose times may be out of order: where they are, later ones are raised. */
export const ORDER_MARGIN = 100

/**
 * The time of a commit by its file, in ms since the epoch, raised where needed so that it is later than the version before (`previous`), as the
 * protocol's readers do.
 */
export function monotonicTime(lastModified: number, previous: number | undefined): number {
  return previous === undefined || lastModified > previous ? lastModified : previous + 1
}
