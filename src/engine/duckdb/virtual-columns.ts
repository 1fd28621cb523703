/** The columns that `read_parquet` delivers without being asked: where a row is from. A column of a file that has such a name, in any case, hides it. */
const VIRTUAL_COLUMNS = ['filename', 'file_index', 'file_row_number']

export function isVirtualColumn(name: string): boolean {
  return VIRTUAL_COLUMNS.includes(name.toLowerCase())
}
