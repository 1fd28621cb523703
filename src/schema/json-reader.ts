import type { JsonValue } from './data-type.js'

/** Nested deeper than this, a document is refused: nothing in a log comes near it, and the stack must not overflow. */
const MAX_DEPTH = 512

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WHITESPACE = /[ \t\n\r]*/y

/**
 * Parses JSON as `JSON.parse` does, but hands the text of each number to `number`, so that digits beyond a double's are not lost.
 * SyntaxError with the position where the text is not JSON.
 */
export function readJson(text: string, number: (text: string) => JsonValue): JsonValue {
  let position = 0

  function fail(): never {
    const found = position < text.length ? `'${text[position]}'` : 'the end of the text'
    throw new SyntaxError(`Unexpected ${found} at position ${position} of JSON`)
  }

  function skipWhitespace(): void {
    WHITESPACE.lastIndex = position
    WHITESPACE.exec(text)
    position = WHITESPACE.lastIndex
  }

  function expect(token: string): void {
    if (!text.startsWith(token, position)) fail()
    position += token.length
  }

  function readString(): string {
    const start = position
    expect('"')
    for (;;) {
      const quote = text.indexOf('"', position)
      if (quote < 0) {
        position = text.length
        fail()
      }
      let backslashes = 0
      while (text[quote - 1 - backslashes] === '\\') backslashes++
      position = quote + 1
      if (backslashes % 2 === 0) break
    }
    // The scan above only finds the end: escapes and control characters are judged by the engine's own parser.
    return JSON.parse(text.slice(start, position)) as string
  }

  function readNumber(): JsonValue {
    NUMBER.lastIndex = position
    const match = NUMBER.exec(text)
    if (match === null) fail()
    position = NUMBER.lastIndex
    return number(match[0])
  }

  function readMembers(close: string, member: () => void): void {
    position++
    skipWhitespace()
    if (text[position] === close) {
      position++
      return
    }
    for (;;) {
      member()
      skipWhitespace()
      if (text[position] !== ',') break
      position++
    }
    expect(close)
  }

  function readValue(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new SyntaxError(`JSON is nested deeper than ${MAX_DEPTH} levels`)
    skipWhitespace()
    switch (text[position]) {
      case '{': {
        const members: [string, JsonValue][] = []
        readMembers('}', () => {
          skipWhitespace()
          const name = readString()
          skipWhitespace()
          expect(':')
          members.push([name, readValue(depth + 1)])
        })
        // fromEntries defines properties, so that a member named `__proto__` is data like any other.
        return Object.fromEntries(members)
      }
      case '[': {
        const elements: JsonValue[] = []
        readMembers(']', () => {
          elements.push(readValue(depth + 1))
        })
        return elements
      }
      case '"':
        return readString()
      case 't':
        expect('true')
        return true
      case 'f':
        expect('false')
        return false
      case 'n':
        expect('null')
        return null
      default:
        return readNumber()
    }
  }

  const value = readValue(0)
  skipWhitespace()
  if (position < text.length) fail()
  return value
}
