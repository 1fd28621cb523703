/** Milliseconds. */
export const clock = () => performance.now()

let steps = 0

export function step(title) {
  console.log(`\n${++steps}. ${title}`)
}

export function say(text) {
  console.log(`   ${text}`)
}

/** Rows as a table: the columns of the first, as wide as they must be. */
export function show(rows) {
  const names = Object.keys(rows[0] ?? {})
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '-')))]
  const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  for (const line of lines) console.log(`   ${line.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd())
}
