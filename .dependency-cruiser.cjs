// Bottom first. A folder of src/ may import itself and what stands below it; folders on one rank are strangers.
// docs/decisions/0002-ranks.md says why the order is this one.
const ranks = [
  ['errors'],
  ['runtime'],
  ['schema'],
  ['expressions'],
  ['protocol'],
  ['storage'],
  ['arrow'],
  ['parquet'],
  ['log'],
  ['snapshot'],
  ['scan'],
  ['data-files', 'transaction'],
  ['engine'],
  ['operations'],
  ['table'],
]

const folders = ranks.flat()

const looksUp = ranks.flatMap((rank, height) =>
  rank.map((folder) => {
    const allowed = [folder, ...ranks.slice(0, height).flat()].join('|')
    return {
      name: `${folder}-looks-up`,
      severity: 'error',
      comment: `${folder}/ may import itself and the ranks below it.`,
      from: { path: `^src/${folder}/` },
      to: { path: '^(src|cli)/', pathNot: `^src/(${allowed})/` },
    }
  }),
)

/** A package that may be imported in one place of the product only. */
const only = (name, packages, places) => ({
  name,
  severity: 'error',
  comment: `${packages} belongs in ${places} alone.`,
  from: { path: '^(src|cli)/', pathNot: places },
  to: { path: `node_modules/(${packages})/` },
})

module.exports = {
  forbidden: [
    ...looksUp,
    {
      name: 'folder-without-a-rank',
      severity: 'error',
      comment: 'A new folder of src/ gets its place in `ranks` first.',
      from: { path: '^(src|cli|tests|bench)/' },
      to: { path: '^src/', pathNot: `^src/((${folders.join('|')})/|index\\.ts$)` },
    },
    { name: 'no-circular', severity: 'error', from: { path: '^(src|cli)/' }, to: { circular: true } },
    {
      name: 'operations-are-strangers',
      severity: 'error',
      comment: 'One verb a file or folder; what two of them need stands below them, or in operation/.',
      from: { path: '^src/operations/([^/]+?)(/|\\.ts$)' },
      to: { path: '^src/operations/', pathNot: '^src/operations/($1(/|\\.ts$)|operation/)' },
    },
    {
      name: 'cli-uses-the-public-door',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^src/', pathNot: '^src/index\\.ts$' },
    },
    {
      name: 'src-never-imports-its-own-index',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      from: { path: '^(src|cli)/' },
      to: { path: '^(tests|fixtures|bench)/' },
    },
    {
      name: 'unresolvable',
      severity: 'error',
      from: { path: '^(src|cli)/' },
      to: { couldNotResolve: true },
    },
    only('commander-in-cli', 'commander', '^cli/'),
    only('aws-in-storage', '@aws-sdk|@smithy', '^src/storage/'),
    only('parquet-codecs-in-parquet', 'parquet-wasm|hyparquet', '^src/parquet/'),
    only('duckdb-in-engine', '@duckdb', '^src/engine/duckdb/'),
    only('arrow-from-arrow-up', 'apache-arrow', '^(cli|src/(?!(errors|runtime|schema|expressions|protocol|storage)/))'),
    only('zod-at-the-edges', 'zod', '^(cli/|src/(protocol|storage|operations|table)/)'),
    only('uuid-in-protocol', 'uuid', '^src/protocol/'),
    {
      name: 'node-modules-of-the-platform',
      severity: 'error',
      comment:
        'The Arrow path stays portable to browsers: node:* belongs in storage/, engine/, runtime/node/ and cli/.',
      from: { path: '^(src|cli)/', pathNot: '^(cli/|src/(storage|engine|runtime/node)/)' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
}
