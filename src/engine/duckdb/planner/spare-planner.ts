import { Planner } from './planner.js'

/** To open and to close a planner takes longer than most of what it is asked. What it was asked before leaves nothing behind in it. */
let spare: Planner | undefined

/** A planner that no other engine uses: the one that was kept, or a new one. */
export async function borrowPlanner(): Promise<Planner> {
  const kept = spare
  spare = undefined
  return kept ?? Planner.open()
}

/** Keeps a planner for the next engine, and ends it where one is kept already. */
export async function returnPlanner(planner: Planner): Promise<void> {
  if (spare === undefined) spare = planner
  else await planner.close()
}
