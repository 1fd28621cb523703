import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/** The file that a package's CommonJS entry is in. */
export function resolveModule(specifier: string): string {
  return load.resolve(specifier)
}

/** A CommonJS module with state of its own: each call runs the module anew. */
export function loadFreshModule<T>(specifier: string): T {
  const file = load.resolve(specifier)
  delete load.cache[file]
  return load(file) as T
}
