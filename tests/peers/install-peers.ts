import { peerPython } from '../support/peer-python.js'

/** Runs once before the suite, so that no two test files install at the same time. */
export async function setup(): Promise<void> {
  await peerPython()
}
