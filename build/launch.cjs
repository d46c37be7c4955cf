#!/usr/bin/env node
// Starts main.cjs, which is one function, with V8's code cache, which halves the start. Without a cache that fits, the plain source runs.
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { constants, Script } = require('node:vm')

const filename = join(__dirname, 'main.cjs')
const cacheFile = join(__dirname, 'main.cache')
const cachedData = existsSync(cacheFile) ? readFileSync(cacheFile) : undefined
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  cachedData,
  importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
script.runInThisContext()(exports, require, module, filename, __dirname)
const cacheAfterMs = Number(process.env.KUBEMOCK_WRITE_CACHE)
if (cacheAfterMs > 0)
  setTimeout(() => {
    writeFileSync(cacheFile, script.createCachedData())
    process.exit()
  }, cacheAfterMs)
