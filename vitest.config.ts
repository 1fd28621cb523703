import { defineConfig } from 'vitest/config'

/** Suites that need more than Node, or more than a minute, run by name: `npm run test:conformance`, `test:peers`, `test:s3`, `soak`. */
const apart = ['conformance', 'peers', 'live-s3', 'soak']

const suite = (name: string, timeout: number, more: object = {}): { test: object } => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout, ...more },
})

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: apart.map((folder) => `tests/${folder}/**`),
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      suite('conformance', 120_000),
      suite('peers', 300_000, { globalSetup: 'tests/peers/install-peers.ts' }),
      suite('live-s3', 300_000),
      suite('soak', 3_600_000),
    ],
  },
})
