import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { StructJson } from './schema-json.js'

const repository = join(import.meta.dirname, '..', '..')

/** One version of a case and what reading it must give. */
export interface ExpectedVersion {
  /** Undefined: the latest, opened without a version. */
  readonly version: number | undefined
  readonly rowCount: number
  /** A Parquet file of the rows; where it is undefined only the number of rows is known. */
  readonly rows: string | undefined
  readonly schema: StructJson | undefined
}

/** The change data feed of a case over a range of versions. */
interface ExpectedChanges {
  readonly from: number
  readonly to: number
  readonly rowCount: number
  /** A Parquet file of the rows. */
  readonly rows: string
  readonly schema: StructJson
}

/** A public table with the answer that readers must give. */
export interface ConformanceCase {
  /** `source/name`. */
  readonly key: string
  /** Folder of the table. */
  readonly table: string
  readonly expect: 'rows' | 'error'
  /** For `rows`: the latest version first, then each older version that is listed. */
  readonly versions: readonly ExpectedVersion[]
  /** Versions that the oracle could not read: data files are gone, or there are no columns yet. */
  readonly unreadable: readonly number[]
  readonly changes: ExpectedChanges | undefined
}

interface CaseJson {
  readonly table: string
  readonly expect: 'rows' | 'error' | 'unscored'
  readonly schema?: StructJson
  readonly rowCount?: number
  readonly expectedDataPath?: string
  readonly versionRowCounts?: Readonly<Record<string, number>>
  readonly versionDataPaths?: Readonly<Record<string, string>>
  readonly versionSchemas?: Readonly<Record<string, StructJson>>
  readonly versionErrors?: Readonly<Record<string, string>>
  readonly materialize?: boolean
  readonly cdf?: {
    readonly start: number
    readonly end: number
    readonly path: string
    readonly rowCount: number
    readonly schema: StructJson
  }
}

/** Where the conformance tables are: `$LAKEWRIGHT_CONFORMANCE`, else `shared/conformance` beside the repository. */
export const conformanceFolder: string =
  process.env.LAKEWRIGHT_CONFORMANCE ?? join(repository, '..', 'shared', 'conformance')

/** The scored cases of an archive `tables.tar.gz` in a folder; it is unpacked once, under .cache. */
export async function conformanceCases(folder: string = conformanceFolder): Promise<ConformanceCase[]> {
  const root = await unpacked(join(folder, 'tables.tar.gz'))
  const cases: ConformanceCase[] = []
  for (const source of (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    for (const name of (await readdir(join(root, source.name))).sort()) {
      const directory = join(root, source.name, name)
      const json = JSON.parse(await readFile(join(directory, 'case.json'), 'utf8')) as CaseJson
      if (json.expect === 'unscored') continue
      const table =
        json.materialize === true
          ? await materialized(directory, `${root}-copies/${source.name}/${name}`, json.table)
          : join(directory, json.table)
      cases.push({
        key: `${source.name}/${name}`,
        table,
        expect: json.expect,
        versions: versionsOf(directory, json),
        unreadable: Object.keys(json.versionErrors ?? {}).map(Number),
        changes: changesOf(directory, json),
      })
    }
  }
  return cases
}

function versionsOf(directory: string, json: CaseJson): ExpectedVersion[] {
  if (json.expect !== 'rows') return []
  const file = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : join(directory, path)
  const latest: ExpectedVersion = {
    version: undefined,
    rowCount: json.rowCount ?? 0,
    rows: file(json.expectedDataPath),
    schema: json.schema,
  }
  const older = Object.entries(json.versionRowCounts ?? {}).map(([version, rowCount]) => ({
    version: Number(version),
    rowCount,
    rows: file(json.versionDataPaths?.[version]),
    schema: json.versionSchemas?.[version],
  }))
  return [latest, ...older]
}

function changesOf(directory: string, { cdf }: CaseJson): ExpectedChanges | undefined {
  if (cdf === undefined) return undefined
  const { start, end, path, rowCount, schema } = cdf
  return { from: start, to: end, rowCount, rows: join(directory, path), schema }
}

async function unpacked(archive: string): Promise<string> {
  const { size, mtimeMs } = await stat(archive)
  const cache = join(repository, '.cache', 'conformance')
  const target = join(cache, `${size}-${Math.floor(mtimeMs)}`)
  if (await exists(target)) return target
  await mkdir(cache, { recursive: true })
  const part = await mkdtemp(join(cache, 'part-'))
  await promisify(execFile)('tar', ['xzf', archive, '-C', part])
  await rename(part, target).catch(async (error: unknown) => {
    if (!(await exists(target))) throw error
  })
  return target
}

/** A copy of a case whose log names files by absolute URL: the placeholder becomes the URL of the copy. */
async function materialized(directory: string, copy: string, table: string): Promise<string> {
  await cp(directory, copy, { recursive: true })
  const log = join(copy, table, '_delta_log')
  for (const name of (await readdir(log)).filter((file) => file.endsWith('.json'))) {
    const text = await readFile(join(log, name), 'utf8')
    await writeFile(join(log, name), text.replaceAll('__CASE_URI__', pathToFileURL(copy).href))
  }
  return join(copy, table)
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
