// Definitions of custom resources for tests.
import type { Rest } from './api.ts'

const group = 'ex.example.com'
export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** things.ex.example.com, with this as the schema of the spec; more of the definition's spec on top. */
export const aDefinition = (spec: object, more: object = {}) => ({
  metadata: { name: `things.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } }],
    ...more,
  },
})

export async function define(rest: Rest, definition: object) {
  const answer = await rest.call('post', definitions, definition)
  await rest.cluster.settle()
  return answer
}

export const things = `/apis/${group}/v1/namespaces/default/things`
export const aThing = (name: string, spec: object) => ({ apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name }, spec })
