import { homedir } from 'node:os'
import { join } from 'node:path'
import { PeerProcess } from './peer-process.js'

/** Whether the test of Spark runs: it needs Java, pyspark and the Delta jars, so it is asked for by name. */
export const sparkWanted: boolean = process.env.LAKEWRIGHT_SPARK === '1'

/** Spark with Delta Lake in a process of its own; see spark.py. It takes some seconds to start. */
export function openSpark(): PeerProcess {
  const components = process.env.COMPONENTS_HOME ?? join(homedir(), '.cache', 'lakewright-components')
  return new PeerProcess(join(components, 'spark-venv', 'bin', 'python'), [join(import.meta.dirname, 'spark.py')])
}
