import {
  ENABLE_IN_COMMIT_TIMESTAMPS,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'

type Properties = { readonly [key: string]: string }

/** Properties without the record of when in-commit timestamps were turned on, where they are off (PROTOCOL.md, "In-Commit Timestamps"). */
export function withoutEnablement(configuration: Properties): Properties {
  if (tableProperty({ configuration }, ENABLE_IN_COMMIT_TIMESTAMPS)) return configuration
  const {
    [IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION.key]: _version,
    [IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP.key]: _timestamp,
    ...rest
  } = configuration
  return rest
}
