// dist/: the command line as one CommonJS file with V8's code cache beside it, and the library as one ES module.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import protobuf from 'protobufjs'

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
rmSync(at('dist'), { recursive: true, force: true })
mkdirSync(at('dist'), { recursive: true })

/** Modules that read a .proto file from beside themselves, which a bundle does not have: there it becomes part of the text. */
const protoReaders = {
  'grpc-health-check/build/src/health.js': 'grpc-health-check/proto/health/v1/health.proto',
  '@grpc/reflection/build/src/implementations/reflection-v1.js': '@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto',
  '@grpc/reflection/build/src/implementations/reflection-v1alpha.js':
    '@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto',
}
const protoFiles = {
  name: 'proto-files',
  setup({ onLoad }) {
    onLoad({ filter: /(health|reflection-v1(alpha)?)\.js$/ }, ({ path }) => {
      const proto =
        protoReaders[
          path
            .split(/node_modules[/\\]/)
            .at(-1)
            .replaceAll('\\', '/')
        ]
      if (!proto) return undefined
      const text = readFileSync(path, 'utf8')
      const json = JSON.stringify(protobuf.loadSync(at(`node_modules/${proto}`)).toJSON())
      const contents = text.replace(/\bloadSync(\)?)\((protoPath|'[^']+')/, (_, close = '') => `fromJSON${close}(${json}`)
      if (contents === text) throw new Error(`${path} does not read ${proto} any more`)
      return { contents: contents.replaceAll('__dirname', "''") }
    })
  },
}

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Too large to bundle, and only loaded when a container is entered.
  external: ['just-bash'],
  logLevel: 'warning',
  plugins: [protoFiles],
}
await build({
  ...common,
  entryPoints: [at('server/main.ts')],
  format: 'cjs',
  outfile: at('dist/main.cjs'),
  // A script with a code cache cannot import(): what it loads later it requires.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'importMetaUrl' },
  // Smaller, and all ASCII: V8 keeps such a text in half the memory. launch.cjs calls the function.
  minifyWhitespace: true,
  legalComments: 'linked',
  banner: {
    js: "(function (exports, require, module, __filename, __dirname) {const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
  },
  footer: { js: '})' },
})
const escaped = letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
writeFileSync(at('dist/main.cjs'), readFileSync(at('dist/main.cjs'), 'utf8').replace(/[\u0080-\uffff]/g, escaped))
await build({
  ...common,
  entryPoints: [at('server/index.ts')],
  format: 'esm',
  outfile: at('dist/index.mjs'),
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
})
copyFileSync(at('build/launch.cjs'), at('dist/kubemock.cjs'))
// The first run writes the code cache: what it has run is in it compiled.
const cwd = mkdtempSync(join(tmpdir(), 'kubemock-build-'))
const ports = ['--port', '--grpc-port', '--dns-port'].flatMap(flag => [flag, '0'])
spawnSync(process.execPath, [at('dist/kubemock.cjs'), 'start', ...ports], {
  cwd,
  stdio: 'ignore',
  env: { ...process.env, KUBEMOCK_WRITE_CACHE: '2000' },
})
rmSync(cwd, { recursive: true, force: true })
