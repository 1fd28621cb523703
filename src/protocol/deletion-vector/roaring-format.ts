/** First four bytes of a deletion vector (PROTOCOL.md, "Deletion Vector Format"). */
export const PORTABLE_MAGIC = 1_681_511_377
/** The same of a form that older versions of Spark wrote: a 4-byte count, then each bitmap after its size. */
export const SPARK_MAGIC = 1_681_511_376

// The numbers of the RoaringBitmap format specification.
export const ROARING_COOKIE = 12_346
export const ROARING_COOKIE_WITH_RUNS = 12_347
/** Bitmaps with run containers but fewer containers than this have no offsets. */
export const NO_OFFSETS_BELOW = 4
