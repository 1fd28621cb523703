import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DeltaTable, long, struct } from '../../src/index.js'
import type { Benchmark } from '../benchmark.js'

/** The clock runs from the start of the race, when all processes have the table open, to the end of the last of them. */
export const benchmark: Benchmark<{ readonly processes: number; readonly appends: number }> = {
  title: '8 processes with 40 appends each to one local table, each a commit',
  goals: { ratio: 5 },
  peer: 'deltalake',
  async prepare({ quick }) {
    return quick ? { processes: 2, appends: 5 } : { processes: 8, appends: 40 }
  },
  async ours({ processes, appends }, workFolder) {
    let racers: ChildProcess[] = []
    let table: DeltaTable<{ id: bigint | null }> | undefined
    return {
      async before(run) {
        table = await DeltaTable.create(join(workFolder, `ours-${run}`), { schema: struct({ id: long() }) })
        const { url } = table
        racers = Array.from({ length: processes }, () => {
          const program = join(import.meta.dirname, '..', 'racer.js')
          return spawn(process.execPath, [program, url, String(appends)], { stdio: ['pipe', 'pipe', 'inherit'] })
        })
        await Promise.all(racers.map(told))
      },
      async run() {
        const ends = racers.map(told)
        for (const { stdin } of racers) stdin?.write('go\n')
        await Promise.all(ends)
        const rows = await (await table?.refresh())?.rows()
        if (rows?.length !== processes * appends) throw new Error('Appends were lost.')
        return undefined
      },
    }
  },
}

async function told({ stdout }: ChildProcess): Promise<void> {
  await once(stdout as NodeJS.ReadableStream, 'data')
}
