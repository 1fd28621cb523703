import { arrowType } from '../arrow/arrow-schema.js'
import type { CastRules } from '../arrow/cast/cast-rules.js'
import { nullColumn } from '../arrow/null-column.js'
import { DeltaError } from '../errors/delta-error.js'
import type { LegacyCalendar } from '../parquet/legacy-calendar.js'
import type { ColumnMappingMode } from '../schema/column-mapping.js'
import { matchStoredFields } from './stored-fields.js'

/** How the columns of a data file become those of the table: what is missing is null, what is there may have been stored before its type was widened. */
export function readRules(file: string, mode: ColumnMappingMode, calendar?: LegacyCalendar): CastRules {
  return {
    checkNulls: false,
    lenient: true,
    calendar,
    match: (stored, fields) => matchStoredFields(stored, fields, mode),
    missing: (field, length) => nullColumn(arrowType(field.dataType), length),
    misfit(path, expected, got) {
      const column = path.join('.')
      throw new DeltaError(
        'CorruptData',
        `The data file ${file} does not fit the table: column ${column} should be ${expected} and is ${got}. Restore an older version of the table, or rewrite the file.`,
        { details: { path: file, column, expected, got } },
      )
    },
  }
}
