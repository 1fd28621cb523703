// node count-tests.mjs FOLDER [FAILED_PHASE]...: adds up what the suites reported and prints 'N passed, N failed' as the last
// line. A suite without a test counts as a failure, and so does a phase that failed without a report.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, ...failedPhases] = process.argv.slice(2)
const reports = readdirSync(folder).filter((name) => name.endsWith('.json'))
let passed = 0
let failed = 0
for (const file of reports) {
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const brokenFiles = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  )
  const counted = report.numFailedTests + brokenFiles.length
  // Errors outside of any test fail a run without a failed test.
  const lost = counted === 0 && (report.numTotalTests === 0 || !report.success) ? 1 : counted
  console.log(`${file.replace('.json', '')}: ${report.numPassedTests} passed, ${lost} failed`)
  passed += report.numPassedTests
  failed += lost
}
failed += failedPhases.filter((phase) => !reports.includes(`${phase}.json`)).length
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
