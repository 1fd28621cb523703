import type { DomainMetadata } from '../../protocol/actions/action.js'

/** Its high-water mark must never go back: row ids would be given twice (PROTOCOL.md, "Row IDs"). */
const ROW_TRACKING = 'delta.rowTracking'

/** The actions that turn the domains of a table into those of an older version. */
export function restoreDomains(
  current: ReadonlyMap<string, DomainMetadata>,
  old: ReadonlyMap<string, DomainMetadata>,
): DomainMetadata[] {
  const restored = [...old.values()].filter(
    ({ domain, configuration }) => current.get(domain)?.configuration !== configuration,
  )
  const dropped = [...current.values()]
    .filter(({ domain }) => !old.has(domain))
    .map((each) => ({ ...each, removed: true }))
  return [...restored, ...dropped].filter(({ domain }) => domain !== ROW_TRACKING)
}
