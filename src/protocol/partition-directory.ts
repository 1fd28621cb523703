/** What Hive, Spark and Delta name the folder of a null. */
const NULL_DIRECTORY = '__HIVE_DEFAULT_PARTITION__'

/** The characters that Spark and Hive escape in the folders of partitions: control characters and those with a meaning in paths or globs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const ESCAPED = /[\u0000-\u001f\u007f"#%'*/:=?\\{[\]^]/g

/**
 * The folder of a partition as Spark and Hive name it: `month=3/city=San%20%2F...`, without slashes at the ends; empty for no columns.
 * This is the name on the store; the log holds it percent-encoded once more (see {@link encodeFilePath}).
 * @param values serialised partition values in the order of the partition columns, by the name that the folder shows.
 */
export function partitionDirectory(values: Iterable<readonly [column: string, value: string | null]>): string {
  const segments: string[] = []
  for (const [column, value] of values) {
    segments.push(`${escapeSegment(column)}=${value === null || value === '' ? NULL_DIRECTORY : escapeSegment(value)}`)
  }
  return segments.join('/')
}

function escapeSegment(text: string): string {
  return text.replace(ESCAPED, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}
