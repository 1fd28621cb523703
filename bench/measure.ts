import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { peerPython } from '../tests/support/peer-python.js'
import { repositoryRoot } from '../tests/support/repository-root.js'
import type { Benchmark, DataRequest } from './benchmark.js'
import { type RunReport, SideProcess } from './side-process.js'

/** Medians of the runs; memory is the highest of all. */
export interface Outcome {
  readonly name: string
  readonly benchmark: Benchmark
  readonly ours: RunReport
  readonly theirs?: RunReport
}

export interface MeasureOptions extends DataRequest {
  readonly runs: number
  /** Run the sides that are Python. */
  readonly peers: boolean
}

/** Runs one benchmark: ours, theirs, ours, theirs, ... so that both see the same machine. */
export async function measure(name: string, benchmark: Benchmark, options: MeasureOptions): Promise<Outcome> {
  const args = JSON.stringify(await benchmark.prepare(options))
  const workFolder = await mkdtemp(join(options.cache, 'work-'))
  const sides = [await oursOf(name, args, workFolder), await theirsOf(name, benchmark, args, workFolder, options)]
  const reports: RunReport[][] = sides.map(() => [])
  try {
    for (let run = 0; run < options.runs; run++) {
      for (const [i, side] of sides.entries()) {
        if (side === undefined) continue
        reports[i]?.push(await side.run(run))
        if (benchmark.freshProcess === true) await side.close()
      }
    }
  } finally {
    await Promise.all(sides.map((side) => side?.close()))
    await rm(workFolder, { recursive: true, force: true })
  }
  const [ours, theirs] = reports.map(median)
  if (ours === undefined) throw new Error(`${name} was not run.`)
  return { name, benchmark, ours, ...(theirs === undefined ? {} : { theirs }) }
}

/** Starts its process when it is first asked to run, and anew after it was closed. */
class Restartable {
  readonly #start: () => SideProcess
  #process: SideProcess | undefined

  constructor(start: () => SideProcess) {
    this.#start = start
  }

  run(run: number): Promise<RunReport> {
    this.#process ??= this.#start()
    return this.#process.run(run)
  }

  async close(): Promise<void> {
    const process = this.#process
    this.#process = undefined
    await process?.close()
  }
}

function oursOf(name: string, args: string, workFolder: string): Restartable {
  return new Restartable(() => nodeSide(name, 'ours', args, workFolder))
}

async function theirsOf(
  name: string,
  benchmark: Benchmark,
  args: string,
  workFolder: string,
  options: MeasureOptions,
): Promise<Restartable | undefined> {
  if (benchmark.theirs !== undefined) return new Restartable(() => nodeSide(name, 'theirs', args, workFolder))
  if (benchmark.peer !== 'deltalake' || !options.peers) return undefined
  const python = await peerPython()
  const source = join(repositoryRoot, 'bench')
  return new Restartable(
    () =>
      new SideProcess(python, [
        join(source, 'side.py'),
        join(source, 'rows', `${benchmark.theirScript ?? name}.py`),
        args,
        workFolder,
      ]),
  )
}

function nodeSide(name: string, side: 'ours' | 'theirs', args: string, workFolder: string): SideProcess {
  const build = import.meta.dirname
  return new SideProcess(process.execPath, [
    join(build, 'side.js'),
    join(build, 'rows', `${name}.js`),
    side,
    args,
    workFolder,
  ])
}

function median(reports: readonly RunReport[]): RunReport | undefined {
  const middle = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  const of = (read: (report: RunReport) => number | undefined): number | undefined => {
    const values = reports.map(read).filter((value) => value !== undefined)
    return values.length === 0 ? undefined : middle(values)
  }
  const ms = of((report) => report.ms)
  if (ms === undefined) return undefined
  const cpuMs = of((report) => report.cpuMs)
  const roundTrips = of((report) => report.roundTrips)
  return {
    ms,
    rssMb: Math.max(...reports.map((report) => report.rssMb)),
    ...(cpuMs === undefined ? {} : { cpuMs }),
    ...(roundTrips === undefined ? {} : { roundTrips }),
  }
}
