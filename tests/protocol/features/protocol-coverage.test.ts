import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { protocolCoverage } from '../../support/protocol-coverage.js'

it('the published table of features is the one that the library goes by', async () => {
  const path = fileURLToPath(new URL('../../../docs/protocol-coverage.md', import.meta.url))
  await expect(protocolCoverage()).toMatchFileSnapshot(path)
})
