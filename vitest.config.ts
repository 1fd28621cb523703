import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/conformance/**', 'tests/peers/**', 'tests/soak/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
