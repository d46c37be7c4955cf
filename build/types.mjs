// dist/types/: the package's declarations, from server/library.ts and the few files it reaches.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const options = '--ignoreConfig --declaration --emitDeclarationOnly --rootDir . --outDir dist/types --strict --target es2022'
const modules = '--lib es2023,esnext.disposable --types node --module nodenext --allowImportingTsExtensions --verbatimModuleSyntax'
const tsc = fileURLToPath(import.meta.resolve('typescript')).replace(/lib\/.*$/, 'bin/tsc')
const { status } = spawnSync(process.execPath, [tsc, ...`${options} ${modules} server/library.ts`.split(' ')], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(status ?? 1)
