// Parts of the server that follow storage, when more is written at once than they are kept for: they look at everything anew.
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { customResourceDefinition } from '../../openapi/kinds/apiextensions.k8s.io/customresourcedefinition/index.ts'
import { apiService } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import { flowSchema } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/flowschema.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { Admission } from '../../server/admission/chain.ts'
import { storageLookup } from '../../server/admission/lookup.ts'
import { createClient } from '../../server/client.ts'
import { ControlledClock } from '../../server/clock.ts'
import { Unreachable } from '../../server/extension/resolve.ts'
import { FlowControl } from '../../server/flowcontrol/flowcontrol.ts'
import { requestInfo } from '../../server/http/requestinfo.ts'
import { createIds } from '../../server/ids.ts'
import { ApiServices } from '../../server/registry/apiservices.ts'
import { CustomResources } from '../../server/registry/customresources/index.ts'
import { writeDefaultFlows } from '../../server/registry/defaultflows.ts'
import { Hooks } from '../../server/registry/hooks.ts'
import { keyOf } from '../../server/registry/keys.ts'
import { Registry } from '../../server/registry/registry.ts'
import { Subresources } from '../../server/registry/subresources/index.ts'
import { MemoryStorage } from '../../server/storage/memory.ts'
import { noConversion } from '../support/conversion.ts'

/** A registry over a storage that keeps two changes for a watcher. */
function aServer() {
  const storage = new MemoryStorage({ watchBuffer: 2 })
  const clock = new ControlledClock(async () => {}, new Date('2026-01-01T00:00:00Z'))
  const time = () => '2026-01-01T00:00:00Z'
  const context = { storage, clock, ids: createIds(1), time, admission: new Admission([]), hooks: new Hooks([]), convert: noConversion }
  const registry = new Registry(builtinKinds, context)
  const client = createClient(registry, new Subresources([], context.admission), {
    name: 'test',
    groups: ['system:masters'],
    manager: 'test',
  })
  const logError = (error: unknown) => {
    throw error
  }
  onTestFinished(() => storage.close())
  return { ...context, registry, client, logError }
}
type Server = ReturnType<typeof aServer>

/** All in one go: nobody reads in between. */
async function atOnce({ storage }: Server, kind: Kind, changes: Record<string, KubeObject | null>): Promise<void> {
  const known = new Map((await storage.list('/')).entries.map(entry => [entry.key, entry.revision]))
  const writes = Object.entries(changes).map(([name, object]) => {
    const key = keyOf(kind, '', name)
    return storage.write(key, object, known.get(key) ?? 0)
  })
  expect((await Promise.all(writes)).every(({ ok }) => ok)).toBe(true)
}

const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}

/** Another object of the kind, past the store. */
const copyOf = (object: KubeObject, name: string, spec: object = {}): KubeObject => {
  const { spec: old, ...rest } = structuredClone(object) as KubeObject & { spec: object }
  return { ...rest, metadata: { ...rest.metadata, name, uid: name }, spec: { ...old, ...spec } } as KubeObject
}

describe('who falls behind catches up', () => {
  test('with definitions: those that went are not served any more, and their names are free', async () => {
    const server = aServer()
    const { registry, client } = server
    const kind = customResourceDefinition as unknown as Kind
    const served = () => registry.kinds().flatMap(each => (each.custom ? each.names.plural : []))
    const names = (plural: string) => ({ names: { plural, singular: plural.slice(0, -1), kind: plural, listKind: `${plural}List` } })
    const custom = new CustomResources(server)
    onTestFinished(() => custom.close())
    await custom.start()
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }]
    const spec = { group: 'ex.example.com', scope: 'Namespaced', ...names('things'), versions }
    await client.create(kind, { metadata: { name: 'things.ex.example.com' }, spec } as never)
    await settled()
    expect(served()).toEqual(['things'])
    const fresh = copyOf(await client.get(kind, { name: 'things.ex.example.com' }), '') as KubeObject & { status: object }
    const asking = { ...fresh, status: { acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] } } as unknown as KubeObject
    await atOnce(server, kind, {
      'things.ex.example.com': null,
      ...Object.fromEntries(['a', 'b'].map(n => [`${n}s.ex.example.com`, copyOf(asking, `${n}s.ex.example.com`, names(`${n}s`))])),
      // It wants a name that the first one had.
      'cs.ex.example.com': copyOf(asking, 'cs.ex.example.com', { names: { ...names('cs').names, shortNames: ['things'] } }),
    })
    await settled()
    expect(served()).toEqual(['as', 'bs', 'cs'])
    const { status } = (await client.get(kind, { name: 'cs.ex.example.com' })) as KubeObject & { status: { acceptedNames: object } }
    expect(status.acceptedNames).toMatchObject({ shortNames: ['things'] })
  })

  test('with APIServices: one that went stands for nothing', async () => {
    const server = aServer()
    const kind = apiService as unknown as Kind
    const resolver = { resolve: () => Promise.reject(new Unreachable('no way')), isPinned: () => false }
    const services = new ApiServices({ ...server, lookup: storageLookup(server.storage), resolver, proxyClient: () => undefined })
    onTestFinished(() => services.close())
    await services.start()
    const done = async () => {
      do await settled()
      while (!services.idle())
    }
    const remote = (group: string) => ({
      metadata: { name: `v1.${group}` },
      spec: { group, version: 'v1', groupPriorityMinimum: 1, versionPriority: 1, service: { namespace: 'a', name: 'b' }, caBundle: 'eA==' },
    })
    const made = await server.client.create(kind, remote('x.example.com') as never)
    await done()
    expect(services.find('x.example.com', 'v1')).toMatchObject({ object: { metadata: { name: 'v1.x.example.com' } } })
    const group = (name: string) => ({ [`v1.${name}`]: copyOf(made, `v1.${name}`, { group: name }) })
    await atOnce(server, kind, { 'v1.x.example.com': null, ...group('y.example.com'), ...group('z.example.com') })
    await done()
    expect(services.all().map(({ group }) => group)).toEqual(['y.example.com', 'z.example.com'])
  })

  test('with flow schemas', async () => {
    const server = aServer()
    const kind = flowSchema as unknown as Kind
    await writeDefaultFlows(server)
    const flows = new FlowControl({ ...server, client: () => server.client, seats: 600 })
    onTestFinished(() => flows.close())
    await flows.start()
    const schema = () => flows.classify({ name: 'a', groups: ['system:unauthenticated'] }, 'get', requestInfo('/healthz'))?.schemaUid
    const probes = await server.client.get(kind, { name: 'probes' })
    expect(schema()).toBe(probes.metadata.uid)
    await atOnce(server, kind, { probes: null, first: copyOf(probes, 'first'), second: copyOf(probes, 'second') })
    await settled()
    expect(schema()).toBe('first')
  })
})
