import { type SchemaToken, schemaTextError, schemaTokens } from './schema-tokens.js'

/** A way through the tokens of one schema text. */
export class SchemaTokenCursor {
  readonly #text: string
  readonly #tokens: readonly SchemaToken[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = schemaTokens(text)
  }

  get token(): SchemaToken {
    return this.#tokens[this.#next] as SchemaToken
  }

  take(): SchemaToken {
    const taken = this.token
    this.#next++
    return taken
  }

  skipWord(word: string): boolean {
    const found = this.#isWord(this.token, word)
    if (found) this.#next++
    return found
  }

  skipMark(mark: string): boolean {
    const found = this.token.kind === 'mark' && this.token.text === mark
    if (found) this.#next++
    return found
  }

  skipNotNull(): boolean {
    if (!this.skipWord('NOT')) return false
    if (!this.skipWord('NULL')) this.fail('Expected NULL after NOT')
    return true
  }

  /** @throws InvalidSchema where another token stands */
  expectMark(mark: string): void {
    if (!this.skipMark(mark)) this.fail(`Expected ${mark}`)
  }

  /** A text in quotes; Spark also takes double ones. */
  string(): string {
    const { kind, text } = this.token
    if (kind !== 'string' && kind !== 'name') this.fail('Expected a text in quotes')
    this.#next++
    return text
  }

  /** The text up to a comma or a bracket that does not belong to it, or to one of some words; `NOT` only before `NULL`. */
  textUntil(words: readonly string[]): string {
    const start = this.token.position
    for (let open = 0; this.token.kind !== 'end'; this.#next++) {
      const { kind, text } = this.token
      const mark = kind === 'mark' ? text : ''
      if (open === 0 && (mark === ')' || mark === ',' || this.#isEnd(words))) break
      open += mark === '(' ? 1 : mark === ')' ? -1 : 0
    }
    const text = this.#text.slice(start, this.token.position).trim()
    if (text === '') this.fail('Expected an expression')
    return text
  }

  fail(problem: string, at: SchemaToken = this.token): never {
    throw schemaTextError(this.#text, at.position, problem)
  }

  #isEnd(words: readonly string[]): boolean {
    const following = this.#tokens[this.#next + 1]
    return words.some(
      (word) =>
        this.#isWord(this.token, word) &&
        (word !== 'NOT' || (following !== undefined && this.#isWord(following, 'NULL'))),
    )
  }

  #isWord({ kind, text }: SchemaToken, word: string): boolean {
    return kind === 'word' && text.toUpperCase() === word
  }
}
