import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matchFiles } from '../../src/runtime/node/match-files.js'

describe('files by pattern', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lakewright-match-'))
    for (const path of [
      'b.csv',
      'a.csv',
      'a1.csv',
      'odd[1].csv',
      '.hidden.csv',
      'sub/c.csv',
      'sub/deep/d.csv',
      'x.txt',
    ]) {
      await mkdir(join(folder, path, '..'), { recursive: true })
      await writeFile(join(folder, path), '')
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const cases: readonly (readonly [pattern: string, found: readonly string[]])[] = [
    ['a.csv', ['a.csv']],
    ['*.csv', ['a.csv', 'a1.csv', 'b.csv', 'odd[1].csv']],
    ['a?.csv', ['a1.csv']],
    ['[ab].csv', ['a.csv', 'b.csv']],
    ['[!a].csv', ['b.csv']],
    ['{b,x}.{csv,txt}', ['b.csv', 'x.txt']],
    ['odd[1].csv', ['odd[1].csv']],
    ['.*.csv', ['.hidden.csv']],
    ['*/*.csv', ['sub/c.csv']],
    ['**/*.csv', ['a.csv', 'a1.csv', 'b.csv', 'odd[1].csv', 'sub/c.csv', 'sub/deep/d.csv']],
    ['sub/**/d.csv', ['sub/deep/d.csv']],
    ['sub', []],
    ['missing/*.csv', []],
  ]

  it.each(cases)('%s', async (pattern, found) => {
    const paths = await matchFiles(join(folder, pattern))
    expect(paths.map((path) => relative(folder, path))).toEqual(found)
  })

  it('takes file URLs and relative paths', async () => {
    expect(await matchFiles(pathToFileURL(join(folder, 'a.csv')).href)).toEqual([join(folder, 'a.csv')])
    expect(await matchFiles('package.jso?')).toEqual(['package.json'])
  })
})
