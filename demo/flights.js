// Three million US flights of 2001 in a Delta table: loaded, queried, broken, rolled back, compacted.
// Run with `npm run demo`. Everything it writes is under ./demo-lake.
import { rm } from 'node:fs/promises'
import { col, DeltaTable, date, files, Lake, long, string, struct, timestamp } from 'lakewright'
import { clock, say, show, step } from './narrator.js'

const data = 'node_modules/vega-datasets/data'
const started = clock()
await rm('demo-lake', { recursive: true, force: true })
const lake = new Lake({ memory: '1GB' })

step('Load what we got: one Parquet file of 3 million flights, and a CSV of airports')
const Raw = struct({ date: timestamp(), delay: long(), distance: long(), origin: string(), destination: string() })
const raw = await DeltaTable.create('demo-lake/raw', { schema: Raw })
const loaded = await raw.append(files(`${data}/flights-3m.parquet`))
say(`${loaded.metrics.numOutputRows.toLocaleString('en')} flights in version ${loaded.version} of ./demo-lake/raw`)

const Airport = `iata STRING NOT NULL, name STRING, city STRING, state STRING, country STRING, latitude DOUBLE, longitude DOUBLE`
const airports = await DeltaTable.create('demo-lake/airports', { schema: Airport })
await airports.append(files(`${data}/airports.csv`))

step('Create a table of flights, partitioned by month, and append month by month')
const Flight = struct({
  month: string().notNull(),
  day: date().notNull(),
  origin: string(),
  destination: string(),
  delay: long(),
  distance: long(),
})
const flights = await DeltaTable.create('demo-lake/flights', { schema: Flight, partitionBy: ['month'] })
const months = await lake.query(
  `SELECT DISTINCT strftime(date, '%Y-%m') AS month FROM raw WHERE date < DATE '2001-07-01' ORDER BY month`,
  { tables: { raw } },
)
for (const { month } of await months.rows()) {
  const batches = await lake.query(
    `SELECT '${month}' AS month, date::DATE AS day, origin, destination, delay, distance
     FROM raw WHERE strftime(date, '%Y-%m') = '${month}' ORDER BY day`,
    { tables: { raw } },
  )
  // Small files on purpose: there has to be something to compact.
  const { version, metrics } = await flights.append(batches.batches(), {
    targetFileSize: '512KB',
    txn: { appId: 'flights-loader', version: Number(month.replace('-', '')) },
  })
  say(`${month}: version ${version}, ${metrics.numOutputRows.toLocaleString('en')} rows in ${metrics.numFiles} files`)
}
const [flight] = await flights.rows({ where: col('month').eq('2001-06'), limit: 1 })
const again = await flights.append([flight], { txn: { appId: 'flights-loader', version: 200106 } })
say(`Loading of June a second time: ${again.skipped ? 'skipped, its transaction is in the log already' : 'DUPLICATED'}`)

step('Ask SQL questions: the latest version, joined with another table')
const worst = `
  SELECT a.city, a.state, count(*) AS flights, round(avg(f.delay), 1) AS mean_delay
  FROM flights f JOIN airports a ON a.iata = f.origin
  GROUP BY ALL HAVING count(*) > 50000 ORDER BY mean_delay DESC LIMIT 5`
show(await (await lake.query(worst, { tables: { flights, airports } })).rows())

step('... and the same question of version 3, when only January to March were there')
const spring = await flights.at({ version: 3 })
show(await (await lake.query(worst, { tables: { flights: spring, airports } })).rows())

step('Read rows without SQL: files that cannot match are not even opened')
const where = col('month').eq('2001-02').and(col('day').eq('2001-02-14'), col('origin').eq('SFO'))
const { files: counts } = await flights.explain({ where })
say(
  `${counts.kept} of ${counts.total} files kept, ${counts.prunedByPartition} pruned by partition, ${counts.prunedByStatistics} by statistics`,
)
show(await flights.rows({ where, columns: ['day', 'destination', 'delay'], limit: 3 }))

step('An accident: a job overwrites the table with one month, and the delays in seconds')
const good = flights.version
const bad = await lake.query(`SELECT * REPLACE (delay * 60 AS delay) FROM flights WHERE month = '2001-06'`, {
  tables: { flights },
})
const accident = await flights.overwrite(bad.batches())
say(`version ${accident.version}: ${accident.metrics.numRemovedFiles} files gone, ${accident.metrics.numFiles} added`)

step('What changed? Both versions in one query')
const difference = await lake.query(
  `SELECT coalesce(b.month, a.month) AS month, b.flights AS before, a.flights AS after, b.delay AS delay_before, a.delay AS delay_after
   FROM (SELECT month, count(*) AS flights, round(avg(delay), 1) AS delay FROM before GROUP BY month) b
   FULL JOIN (SELECT month, count(*) AS flights, round(avg(delay), 1) AS delay FROM after GROUP BY month) a USING (month)
   ORDER BY 1`,
  { tables: { before: await flights.at({ version: good }), after: flights } },
)
show(await difference.rows())

step(`Roll it back to version ${good}: a new commit, nothing is copied`)
const restored = await flights.restore({ version: good })
say(
  `version ${restored.version}: ${restored.metrics.numRestoredFiles} files are back, ${restored.metrics.numRemovedFiles} are out`,
)

step('Compact the small files')
const { metrics } = await flights.optimize()
say(
  `${metrics.numRemovedFiles} files became ${metrics.numAddedFiles}: ${megabytes(metrics.numRemovedBytes)} before, ${megabytes(metrics.numAddedBytes)} after`,
)
const [{ rows }] = await (await lake.query('SELECT count(*) AS rows FROM flights', { tables: { flights } })).rows()
say(`${rows.toLocaleString('en')} flights, as before the accident`)

step('The history of all this')
const history = await flights.history()
show(
  history.map(({ version, operation, operationMetrics: m }) => ({
    version,
    operation,
    rows: m.numOutputRows ?? '',
    'files added': m.numFiles ?? m.numAddedFiles ?? m.numRestoredFiles ?? '',
    'files removed': m.numRemovedFiles ?? '',
  })),
)
await lake.close()
say(`${((clock() - started) / 1000).toFixed(1)} s in all. Look around: npx lakewright detail demo-lake/flights`)

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
