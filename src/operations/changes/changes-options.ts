import type { OperationOptions } from '../operation/operation-options.js'
import type { VersionPoint } from '../operation/version-point.js'

export interface ChangesOptions extends Pick<OperationOptions, 'signal' | 'observer' | 'memory'> {
  /** The first version wanted, or an instant: then the first version committed at or after it. */
  readonly from: VersionPoint
  /** The last version wanted, or an instant: then the last version committed at or before it. Default: the version that the handle holds. */
  readonly to?: VersionPoint | undefined
  /** Columns of the table to deliver, in order. Default: all. */
  readonly columns?: readonly string[] | undefined
  /**
   * Columns that tell rows apart: all changes of a key are taken as one, from the row before the first version to the row after the last. What is again as it was is left
   * out. The changes are read twice; where `memory` has no room for all keys (256 bytes each), several times, and they come share by share of the keys. Default: none, every change is given.
   */
  readonly net?: readonly string[] | undefined
  /** Waits for new versions, and goes on until `signal` fires or the loop is left. Default: false. */
  readonly follow?: boolean | undefined
  /** How often a stream that follows looks for new versions, in ms. Default 1,000. */
  readonly pollInterval?: number | undefined
}
