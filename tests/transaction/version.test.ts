import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { VERSION } from '../../src/runtime/version.js'

it('the version in commits is the one of the package', () => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  expect(VERSION).toBe(JSON.parse(manifest).version)
})
