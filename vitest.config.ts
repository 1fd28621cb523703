import { defineConfig } from 'vitest/config'

/** Suites that need more than Node, or more than a minute, run by name: `npm run test:conformance`, `test:peers`, `test:s3`. */
const apart = ['conformance', 'peers', 'live-s3', 'soak']

const suite = (name: string, include: string, timeout: number): { test: object } => ({
  test: { name, include: [include], testTimeout: timeout, hookTimeout: timeout },
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
      suite('conformance', 'tests/conformance/**/*.test.ts', 120_000),
      suite('peers', 'tests/peers/**/*.test.ts', 300_000),
      suite('live-s3', 'tests/live-s3/**/*.test.ts', 300_000),
    ],
  },
})
