import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { columnMappingMode, storedName } from '../../../schema/column-mapping.js'
import type { StructField } from '../../../schema/data-type.js'
import { cutFile } from '../write/cut-file.js'
import { explainedBadRow } from './new-rows-sql.js'
import { placesIn, type UpdatedRows, type UpdateParts, updatedRowsSql } from './updated-rows.js'
import { writeSelects } from './write-selects.js'

/** Writes the new rows as data files at once, with two columns more for the places of the old ones, which are taken out of the files afterwards. */
export async function placeUpdate(parts: UpdateParts): Promise<UpdatedRows> {
  const { connection, request, names, write } = parts
  const { target } = request
  const places = placeFields(target)
  const columns = places.map(({ name }) => name)
  const carried = columns.map((name, i) => {
    return { name: quoteIdentifier(name), sql: `${names.target}.${[names.file, names.row][i]}` }
  })
  const rows = await updatedRowsSql(parts, carried)
  const schema = { type: 'struct' as const, fields: [...target.schema.fields, ...places] }
  const selects = rows.selects.map(({ sql }) => sql)
  const writing = writeSelects(connection, selects, { ...target, schema }, { ...write, name: 'updated' })
  const files = await writing.catch(async (error: unknown) => {
    throw (await explainedBadRow(connection, rows, error, write.signal)) ?? error
  })
  const numRows = files.reduce((sum, file) => sum + file.numRows, 0)
  const paths = files.map(({ localPath }) => localPath)
  return {
    numRows,
    sets: await placesIn(parts, paths, columns.map(quoteIdentifier), numRows),
    async writeRows() {
      const cut: WrittenFile[] = []
      for (const file of files) cut.push(await cutFile(file, new Set(columns)))
      return cut
    },
    writeChanges: async () => [],
  }
}

/** Columns for the position of a row's file and of the row in it, of names that no column of the files has. */
function placeFields({ schema, configuration }: WriteTarget): readonly [StructField, StructField] {
  const mode = columnMappingMode(configuration)
  const taken = new Set(
    schema.fields.flatMap((field) => [field.name, storedName(field, mode)]).map((name) => name.toLowerCase()),
  )
  const place = (wanted: string, type: 'integer' | 'long'): StructField => {
    let name = wanted
    while (taken.has(name)) name = `${name} `
    return { name, dataType: { type }, nullable: false, metadata: {} }
  }
  return [place('file of the row', 'integer'), place('position of the row', 'long')]
}
