// Compiles src/parquet/flat/module into kernel-bytes.ts beside it; with --check it only tells whether that is up to date. The compiler is 100 MB that nothing else needs: npx brings it.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const COMPILER = 'assemblyscript@0.28.20'
const flat = join(import.meta.dirname, '..', 'src', 'parquet', 'flat')
const target = join(flat, 'kernel-bytes.ts')
const folder = mkdtempSync(join(tmpdir(), 'lakewright-kernel-'))
try {
  const wasm = join(folder, 'kernel.wasm')
  // The compiler knows its language by the name of TypeScript's files.
  for (const file of readdirSync(join(flat, 'module')))
    copyFileSync(join(flat, 'module', file), join(folder, file.replace(/\.as$/, '.ts')))
  const options = ['-O3', '--runtime', 'stub', '--enable', 'simd,bulk-memory', '--noAssert']
  execFileSync('npx', ['--yes', '--package', COMPILER, 'asc', 'flat-columns.ts', ...options, '-o', wasm], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const lines = readFileSync(wasm)
    .toString('base64')
    .match(/.{1,112}/g)
  const text = `// Made of module/ by \`npm run kernel\`.

const BASE64: string = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('')

/** The WebAssembly module that decodes flat columns. */
export function flatKernelBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0))
}
`
  if (!process.argv.includes('--check')) writeFileSync(target, text)
  else if (readFileSync(target, 'utf8') !== text) {
    console.error('src/parquet/flat/kernel-bytes.ts is not what module/ compiles to: npm run kernel')
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
