let count = 0

/** A table in memory that no other test has. */
export function newTableUrl(): string {
  return `memory://rules-${process.pid}-${count++}`
}
