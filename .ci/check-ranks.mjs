// Runs dependency-cruiser over the product and fails when a rank or fence is broken, or when it read nothing:
// a cruise over zero modules would print a green tick.
import { createRequire } from 'node:module'
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const root = process.argv[2] ?? process.cwd()
process.chdir(root)
const config = createRequire(import.meta.url)(`${root}/.dependency-cruiser.cjs`)
const { output } = await cruise(
  ['src', 'cli'],
  { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig(`${root}/tsconfig.json`) },
)
const { totalCruised, violations } = output.summary
for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} -> ${to}`)
const typescript = output.modules.filter((module) => /^src\/.*\.ts$/.test(module.source))
if (typescript.length === 0) violations.push({ rule: { name: 'nothing-cruised' } })
console.log(`dependency-cruiser: ${totalCruised} modules, ${typescript.length} of src, ${violations.length} violations`)
process.exitCode = violations.length === 0 ? 0 : 1
