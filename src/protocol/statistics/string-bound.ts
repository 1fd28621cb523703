/** Characters (code points) that string statistics keep. */
const MAX_CHARACTERS = 32

/** Greater than every ASCII character. */
const LAST_ASCII = '\u007f'
const LAST_CHARACTER = '\u{10ffff}'

/** A text of at most 32 characters, or so many as are asked for, that is not greater than `text`, in the order of code points (which is the order of UTF-8 bytes). */
export function stringLowerBound(text: string, characters: number = MAX_CHARACTERS): string {
  return text.length <= characters ? text : text.slice(0, prefixEnd(text, characters))
}

/**
 * A text not smaller than `text`, in the order of code points: 32 characters, or so many as are asked for, and, where something was cut off, one more that is greater
 * than what was cut. Undefined where no such text exists.
 */
export function stringUpperBound(text: string, characters: number = MAX_CHARACTERS): string | undefined {
  const end = prefixEnd(text, characters)
  if (end === text.length) return text
  const next = text.codePointAt(end) as number
  if (next < 0x7f) return text.slice(0, end) + LAST_ASCII
  return next < 0x10ffff ? text.slice(0, end) + LAST_CHARACTER : undefined
}

/** Where the first code points end, in UTF-16 units: a surrogate pair is never split. */
function prefixEnd(text: string, characters: number): number {
  let end = 0
  for (let seen = 0; seen < characters && end < text.length; seen++) {
    end += (text.codePointAt(end) as number) > 0xffff ? 2 : 1
  }
  return end
}
