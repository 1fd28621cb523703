// Of parquet.thrift, as far as pages are read and written here.

/** `PageType`. */
export const PAGE = { data: 0, index: 1, dictionary: 2, dataV2: 3 } as const

/** `Encoding`. */
export const ENCODING = { plain: 0, plainDictionary: 2, rle: 3, bitPacked: 4, rleDictionary: 8 } as const

/** `CompressionCodec`. */
export const CODEC = { uncompressed: 0, snappy: 1 } as const
