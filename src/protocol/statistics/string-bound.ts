/** Characters (code points) that string statistics keep. */
const MAX_CHARACTERS = 32

/** Greater than every ASCII character. */
const LAST_ASCII = '\u007f'
const LAST_CHARACTER = '\u{10ffff}'

/** A text of at most 32 characters that is not greater than `text`, in the order of code points (which is the order of UTF-8 bytes). */
export function stringLowerBound(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : text.slice(0, prefixEnd(text))
}

/**
 * A text not smaller than `text`, in the order of code points: 32 characters and, where something was cut off, one more that is greater
 * than what was cut. Undefined where no such text exists.
 */
export function stringUpperBound(text: string): string | undefined {
  const end = prefixEnd(text)
  if (end === text.length) return text
  const next = text.codePointAt(end) as number
  if (next < 0x7f) return text.slice(0, end) + LAST_ASCII
  return next < 0x10ffff ? text.slice(0, end) + LAST_CHARACTER : undefined
}

/** Where the 32 first code points end, in UTF-16 units: a surrogate pair is never split. */
function prefixEnd(text: string): number {
  let end = 0
  for (let characters = 0; characters < MAX_CHARACTERS && end < text.length; characters++) {
    end += (text.codePointAt(end) as number) > 0xffff ? 2 : 1
  }
  return end
}
