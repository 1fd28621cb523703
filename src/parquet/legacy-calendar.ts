import type { ParquetFile } from './parquet-file.js'
import { PHYSICAL } from './parquet-schema.js'

/** What of a file stands in the calendar of its time, Julian before 1582-10-15, in place of the Gregorian one that Parquet means. */
export interface LegacyCalendar {
  readonly dates: boolean
  readonly timestamps: boolean
  /** In which the writer told the days of timestamps, undefined for UTC. */
  readonly zone: string | undefined
}

const UTC: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Z', 'Zulu', '+00:00'])

/**
 * Spark before 3.0 wrote dates and timestamps so, before 3.1 INT96 too, and every later one where it is told to: it notes that in the footer.
 * Undefined for all other files.
 */
export function legacyCalendar({
  metadata,
  rowGroups,
}: Pick<ParquetFile, 'metadata' | 'rowGroups'>): LegacyCalendar | undefined {
  const version = /^(\d+)\.(\d+)/.exec(metadata.get('org.apache.spark.version') ?? '')
  if (version === null) return undefined
  const [major, minor] = [Number(version[1]), Number(version[2])]
  const dates = major < 3 || metadata.has('org.apache.spark.legacyDateTime')
  const int96 = major < 3 || (major === 3 && minor < 1) || metadata.has('org.apache.spark.legacyINT96')
  const hasInt96 = rowGroups[0]?.columns.some(({ leaf }) => leaf.physicalType === PHYSICAL.int96) === true
  const timestamps = hasInt96 ? int96 : dates
  if (!dates && !timestamps) return undefined
  const zone = metadata.get('org.apache.spark.timeZone')
  return { dates, timestamps, zone: zone === undefined || UTC.has(zone) ? undefined : zone }
}
