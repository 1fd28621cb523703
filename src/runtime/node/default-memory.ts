import { totalmem } from 'node:os'

/** What an operation may hold where nobody says: half of the machine's memory, 4 GB at most. */
export function defaultMemory(): number {
  return Math.min(4 * 2 ** 30, Math.floor(totalmem() / 2))
}
