import type { FromSchema } from 'json-schema-to-ts'
import { boolean, bytes, field, int32, list, object, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'

const v1 = 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.'

export const ServiceReference = object(`${v1}ServiceReference`, 'A Service that serves an API.', {
  name: string('Name of the service.'),
  namespace: string('Its namespace.'),
  port: int32('Port of the service. Default: 443.', { default: 443 }),
})

export const APIServiceSpec = object(
  `${v1}APIServiceSpec`,
  'Which group and version, and who serves it.',
  {
    caBundle: bytes('PEM of the authorities that may sign the certificate of the server.', { 'x-kubernetes-list-type': 'atomic' }),
    group: string('The group; empty for the core group.'),
    groupPriorityMinimum: int32('Groups are listed by this number, highest first.'),
    insecureSkipTLSVerify: boolean('Do not check the certificate of the server.'),
    service: field(ServiceReference, 'The service that is asked; none: this server answers itself.'),
    version: string('The version.'),
    versionPriority: int32('Versions of a group are listed by this number, highest first.'),
  },
  ['groupPriorityMinimum', 'versionPriority'],
)

export const APIServiceCondition = object(
  `${v1}APIServiceCondition`,
  'One statement on whether the API can be used.',
  {
    lastTransitionTime: time('When status changed last.'),
    message: string('The reason in words.'),
    reason: string('Why, in one word.'),
    status: string('True, False or Unknown.'),
    type: string('Available.'),
  },
  ['type', 'status'],
)

export const APIServiceStatus = object(`${v1}APIServiceStatus`, 'Whether the API can be used.', {
  conditions: list(APIServiceCondition, 'What is known of it.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
})

export const APIService = object(`${v1}APIService`, 'A group and version of the API, and the server that answers for it.', {
  apiVersion: string('Group and version of this representation.'),
  kind: string('Name of the type.'),
  metadata: field(ObjectMeta, 'Its name is VERSION.GROUP.', { default: {} }),
  spec: field(APIServiceSpec, 'Which group and version, and who serves it.', { default: {} as Record<never, never> }),
  status: field(APIServiceStatus, 'Whether the API can be used.', { default: {} }),
})
export type APIService = FromSchema<typeof APIService>
