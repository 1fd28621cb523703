/** Counts of tests by source of the tables and by path, for the end of the run. */
export class Scoreboard {
  readonly #cells = new Map<string, { passed: number; total: number; readonly failing: Set<string> }>()
  readonly #sources = new Set<string>()
  readonly #paths = new Set<string>()

  add(key: string, path: string, passed: boolean): void {
    const source = key.split('/')[0] as string
    this.#sources.add(source)
    this.#paths.add(path)
    for (const row of [source, 'all']) {
      const cell = this.#cells.get(`${row} ${path}`) ?? { passed: 0, total: 0, failing: new Set() }
      this.#cells.set(`${row} ${path}`, cell)
      cell.total++
      if (passed) cell.passed++
      else cell.failing.add(key)
    }
  }

  /** One line a source and one for all, a column a path: passed / run, and how many cases have a failure. */
  text(): string {
    const paths = [...this.#paths]
    const line = (row: string): string => {
      const cells = paths.map((path) => {
        const { passed, total, failing } = this.#cells.get(`${row} ${path}`) ?? {
          passed: 0,
          total: 0,
          failing: new Set(),
        }
        return `${passed} / ${total}${failing.size === 0 ? '' : ` (${failing.size} cases fail)`}`.padEnd(30)
      })
      return `${row.padEnd(20)} ${cells.join(' ')}`
    }
    const head = `${'conformance'.padEnd(20)} ${paths.map((path) => path.padEnd(30)).join(' ')}`
    return [head, ...[...this.#sources].sort().map(line), line('all')].join('\n')
  }
}
