const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * Texts held as one buffer of UTF-8: text i is `data[offsets[i]]` up to `data[offsets[i + 1]]`. Where a column may lack values, an empty
 * text stands for a missing one.
 */
export interface TextColumn {
  readonly data: Uint8Array
  /** One more than there are texts. */
  readonly offsets: Int32Array
}

/** Text i of a column. */
export function textAt({ data, offsets }: TextColumn, i: number): string {
  return decoder.decode(data.subarray(offsets[i], offsets[i + 1]))
}

/** Encodes texts into a column. */
export function textColumn(texts: readonly string[]): TextColumn {
  const offsets = new Int32Array(texts.length + 1)
  const joined = texts.join('')
  const data = encoder.encode(joined)
  if (data.length === joined.length) {
    // Plain ASCII: a character is a byte, so the lengths are known without encoding each text by itself.
    let end = 0
    for (let i = 0; i < texts.length; i++) {
      end += (texts[i] as string).length
      offsets[i + 1] = end
    }
    return { data, offsets }
  }
  const encoded = texts.map((text) => encoder.encode(text))
  let end = 0
  for (let i = 0; i < encoded.length; i++) {
    end += (encoded[i] as Uint8Array).length
    offsets[i + 1] = end
  }
  const bytes = new Uint8Array(end)
  for (let i = 0; i < encoded.length; i++) bytes.set(encoded[i] as Uint8Array, offsets[i])
  return { data: bytes, offsets }
}
