// dist/: the command line as one CommonJS file with V8's code cache beside it, and the library as one ES module.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
rmSync(at('dist'), { recursive: true, force: true })
mkdirSync(at('dist'), { recursive: true })

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Too large to bundle, and only loaded when a container is entered.
  external: ['just-bash'],
  logLevel: 'warning',
}
await build({
  ...common,
  entryPoints: [at('server/main.ts')],
  format: 'cjs',
  outfile: at('dist/main.cjs'),
  // A script with a code cache cannot import(): what it loads later it requires.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
})
await build({
  ...common,
  entryPoints: [at('server/index.ts')],
  format: 'esm',
  outfile: at('dist/index.mjs'),
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
})
copyFileSync(at('build/launch.cjs'), at('dist/kubemock.cjs'))
// The first run writes the code cache.
spawnSync(process.execPath, [at('dist/kubemock.cjs'), 'help'], { stdio: 'ignore', env: { ...process.env, KUBEMOCK_WRITE_CACHE: '1' } })
