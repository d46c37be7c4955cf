// Pod.
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { Pod as schema } from '../../../schemas/pod.ts'

export interface Pod extends ObjectOf<typeof schema> {}
export type PodInput = InputOf<typeof schema>

export const pod = defineKind<Pod, PodInput>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  scope: 'Namespaced',
  names: { plural: 'pods', singular: 'pod', shortNames: ['po'], categories: ['all'] },
  schema,
  subresources: {
    status: true,
    connect: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'resize'],
  },
  columns: [],
  example: { metadata: { name: 'example' }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
})
