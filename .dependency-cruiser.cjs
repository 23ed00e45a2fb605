// The import order of ARCHITECTURE.md, as rules. Folder names are anchored, so a new folder under src/ is refused until it has a place here.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|webview|test|bench|scripts)/', pathNot: [from, ...allowed] },
});
const core = ['^src/base/', '^src/model/'];
const port = '^src/sources/source\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    { name: 'no-type-cycles', severity: 'error', from: { path: '^(src|webview)/' }, to: { circular: true } },
    only('base-alone', '^src/base/', [], 'base knows nothing else'),
    only('model', '^src/model/', ['^src/base/'], 'model knows base'),
    only('port', port, core, 'the port every source implements'),
    only('store', '^src/store/', [...core, port], 'the store knows the port, not its implementations'),
    only('analysis', '^src/analysis/', core, 'analysis is arithmetic on the model'),
    only('protocol', '^src/protocol/', core, 'shared by host and webview'),
    only('actions', '^src/actions/', [...core, port], 'actions know the port only'),
    only('journal', '^src/journal/', core, 'the journal is Node code without the editor'),
    only('sources', '^src/sources/', core, 'a source never sees store, analysis or views'),
    only('backend', '^src/backend/', [...core, '^src/analysis/'], 'the service is a program of its own'),
    { name: 'backend-never-imported', severity: 'error', from: { path: '^src/(?!backend/)|^webview/' }, to: { path: '^src/backend/' } },
    only('webview', '^webview/', [...core, '^src/protocol/'], 'the page sees base, model and protocol'),
    {
      name: 'view-side',
      severity: 'error',
      from: { path: '^src/(views|commands|platform)/' },
      to: { path: '^(src/extension\\.ts|webview/|test/|bench/|scripts/)' },
    },
    {
      name: 'bench',
      comment: 'a benchmark measures anything that runs without the editor',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: '^(src/(views|commands|platform)/|src/extension\\.ts)' },
    },
    {
      name: 'core-pure',
      comment: 'core code knows neither Node nor the editor',
      severity: 'error',
      from: { path: '^src/(base|model|store|protocol|actions|analysis)/|^src/sources/source\\.ts$', pathNot: '^src/analysis/worker\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'editor',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(views|commands|platform)/|^src/extension\\.ts$' },
      to: { path: '^(vscode$|node_modules/@types/vscode/)' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(src|webview)/',
        pathNot: ['^src/extension\\.ts$', '\\.d\\.ts$', '^src/analysis/worker\\.ts$', '^src/backend/main\\.ts$'],
      },
      to: {},
    },
    { name: 'no-barrels', severity: 'error', from: { path: '^src/' }, to: { path: '/index\\.ts$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    // The package esbuild would be taken for the build script of that name.
    exclude: { path: '^(dist|out)/|^esbuild\\.mjs$' },
  },
};
