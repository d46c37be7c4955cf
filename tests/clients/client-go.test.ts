// A client-go program (tests/clients/client-go/): typed clients write protobuf, reflectors ask for WatchList, remotecommand speaks v5 channels.
import { test } from 'vitest'
import { compileTime, goTest } from '../support/go.ts'

test('a client-go program finds a cluster', { timeout: compileTime }, context => goTest('client-go', { least: 16, context }))
