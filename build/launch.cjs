#!/usr/bin/env node
// Starts main.cjs with V8's code cache, which halves the start. Without a cache that fits, the plain source runs.
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { Script } = require('node:vm')

const filename = join(__dirname, 'main.cjs')
const cacheFile = join(__dirname, 'main.cache')
const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'utf8').replace(/^#!.*/, '')}\n})`
const cachedData = existsSync(cacheFile) ? readFileSync(cacheFile) : undefined
const script = new Script(source, {
  filename,
  cachedData,
  importModuleDynamically: require('node:vm').constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
script.runInThisContext()(exports, require, module, filename, __dirname)
if (process.env.KUBEMOCK_WRITE_CACHE === '1') setTimeout(() => writeFileSync(cacheFile, script.createCachedData()), 200)
