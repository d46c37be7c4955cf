// Endpoints.
import { ageColumn, cut, nameColumn, text } from '../../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { Endpoints as schema } from '../../../schemas/service.ts'
import { validateEndpoints } from './validation.ts'

export interface Endpoints extends ObjectOf<typeof schema> {}
export type EndpointsInput = InputOf<typeof schema>

function addressText({ subsets }: Endpoints): string {
  if (!subsets || subsets.length === 0) return '<none>'
  const all = subsets.flatMap(({ addresses = [], ports }) => {
    if (!ports || ports.length === 0) return addresses.map(a => a.ip)
    return ports.flatMap(port => addresses.map(a => (a.ip.includes(':') ? `[${a.ip}]:${port.port}` : `${a.ip}:${port.port}`)))
  })
  return cut(all, 3)
}

export const endpoints = defineKind<Endpoints, EndpointsInput>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  scope: 'Namespaced',
  names: { plural: 'endpoints', singular: 'endpoints', shortNames: ['ep'] },
  schema,
  columns: [nameColumn, text('Endpoints', 'Addresses and ports that are ready.', addressText), ageColumn],
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  createOnUpdate: true,
  validate: validateEndpoints,
  validateUpdate: validateEndpoints,
  example: { metadata: { name: 'example' } },
})
