// Before anything runs: the packages are there, and with `bundle` the program is built from the present sources. Plain node, no packages.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (command, args) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) process.exit(status ?? 1)
}

const installed = join(root, 'node_modules/.package-lock.json')
const age = file => (existsSync(file) ? statSync(file).mtimeMs : 0)
if (age(installed) < age(join(root, 'package-lock.json'))) {
  console.error('kubemock: installing packages…')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

function newest(directory) {
  let time = 0
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return time
}

if (process.argv[2] === 'bundle') {
  const sources = Math.max(...['openapi', 'server', 'controllers', 'build'].map(directory => newest(join(root, directory))), age(installed))
  if (age(join(root, 'dist/kubemock.cjs')) < sources) run(process.execPath, [join(root, 'build/bundle.mjs')])
}
