import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DeltaTable, long, struct } from '../../src/index.js'
import type { Benchmark } from '../benchmark.js'

const run = promisify(execFile)

export const benchmark: Benchmark<Record<string, never>> = {
  title: '`lakewright history` on a small table, the whole process',
  goals: { cpuMs: 150 },
  async prepare() {
    return {}
  },
  async ours(_args, workFolder) {
    const path = join(workFolder, 'small')
    const table = await DeltaTable.create(path, { schema: struct({ id: long() }) })
    for (let i = 0; i < 5; i++) await table.append([{ id: BigInt(i) }])
    const main = join(import.meta.dirname, '..', '..', 'cli', 'main.js')
    return {
      async run() {
        // The shell's own clock: Node cannot tell the CPU time of a child.
        const timed = `TIMEFORMAT='%U %S'; time "$0" "$1" history "$2" > /dev/null`
        const { stderr } = await run('bash', ['-c', timed, process.execPath, main, path], {
          env: { ...process.env, LC_ALL: 'C' },
        })
        const [user, system] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
        if (user === undefined || system === undefined) throw new Error(`bash did not tell the time: ${stderr}`)
        return { cpuMs: (user + system) * 1000 }
      },
    }
  },
}
