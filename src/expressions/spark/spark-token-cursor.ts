import { sparkSqlError } from './spark-sql-error.js'
import { type SparkToken, sparkTokens } from './spark-tokens.js'

/** A way through the tokens of one text. */
export class SparkTokenCursor {
  readonly #text: string
  readonly #tokens: readonly SparkToken[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = sparkTokens(text)
  }

  get token(): SparkToken {
    return this.#tokens[this.#next] as SparkToken
  }

  /** The token in capitals, unless it is quoted. */
  get keyword(): string {
    const { kind, text } = this.token
    return kind === 'word' || kind === 'mark' ? text.toUpperCase() : ''
  }

  /** How many tokens were taken: a place to come back to. */
  get position(): number {
    return this.#next
  }

  returnTo(position: number): void {
    this.#next = position
  }

  take(): SparkToken {
    const taken = this.token
    this.#next++
    return taken
  }

  /** Takes the token if it is this keyword. */
  skip(keyword: string): boolean {
    const found = this.keyword === keyword
    if (found) this.#next++
    return found
  }

  /** @throws InvalidArgument where another token stands */
  expect(keyword: string): void {
    if (!this.skip(keyword)) this.fail(`Expected ${keyword}`)
  }

  /** Takes all tokens up to the parenthesis that closes what is open, and answers their text. */
  takeUntilClosed(): string {
    const start = this.token.position
    for (let open = 0; open > 0 || this.keyword !== ')'; this.#next++) {
      if (this.token.kind === 'end') this.fail('Expected )')
      open += this.keyword === '(' ? 1 : this.keyword === ')' ? -1 : 0
    }
    return this.#text.slice(start, this.token.position)
  }

  fail(problem: string): never {
    throw sparkSqlError(this.#text, this.token.position, problem)
  }
}
