// An operator (tests/clients/controller-runtime/) whose definition and webhooks envtest installs, as into any existing cluster.
import { test } from 'vitest'
import { compileTime, goTest } from '../support/go.ts'

test('an operator written with controller-runtime', { timeout: compileTime }, context =>
  goTest('controller-runtime', { least: 1, context }),
)
