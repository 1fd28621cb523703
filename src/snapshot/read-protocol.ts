import { listLogSegment } from '../log/list-log-segment.js'
import type { Metadata, Protocol } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import { lacking, replaySegment } from './replay/replay-segment.js'

/** What the latest version of a table asks of those who read and write it. */
export interface TableProtocol {
  readonly protocol: Protocol
  readonly metadata: Metadata
}

/**
 * Reads protocol and metadata of the latest version, also of a table that `openSnapshot` refuses: to say what it asks for.
 *
 * @throws TableNotFound, CorruptLog
 */
export async function readProtocol(
  location: TableLocation,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<TableProtocol> {
  const segment = await listLogSegment(location, { signal })
  const { protocol, metadata } = await replaySegment(location, segment, signal)
  if (metadata === undefined) throw lacking(location, segment, 'metaData')
  return { protocol, metadata }
}
