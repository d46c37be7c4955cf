// Endpoints.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Endpoints as schema } from '../../schemas/service.ts'

export interface Endpoints extends ObjectOf<typeof schema> {}
export type EndpointsInput = InputOf<typeof schema>

export const endpoints = defineKind<Endpoints, EndpointsInput>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  scope: 'Namespaced',
  names: { plural: 'endpoints', singular: 'endpoints', shortNames: ['ep'] },
  schema,
  columns: [],
  example: { metadata: { name: 'example' } },
})
