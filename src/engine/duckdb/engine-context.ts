import type { Stager } from '../staging/stager.js'
import type { InstancePool } from './instance-pool.js'
import type { Planner } from './planner/planner.js'
import type { CheckedFiles } from './table/checked-files.js'

/** What the verbs of the engine share. */
export interface EngineContext {
  readonly planner: Planner
  readonly instances: InstancePool
  /** For big writes; empty where one thread or little memory is all there is. */
  readonly lanes: readonly InstancePool[]
  readonly stager: Stager
  readonly checked: CheckedFiles
  /** What DuckDB may use. */
  readonly memoryBytes: number
  /** Most rows of a row group that is written: what they need is held in memory. */
  readonly rowGroupRows: number
  /** A folder of the engine's own, removed when it is closed. */
  readonly workDirectory: string
}
