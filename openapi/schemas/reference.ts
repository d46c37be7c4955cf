import type { FromSchema } from 'json-schema-to-ts'
import { boolean, object, quantity, string } from '../schema.ts'

export const ConfigMapKeySelector = object(
  'io.k8s.api.core.v1.ConfigMapKeySelector',
  'One key of a ConfigMap in the namespace of the pod.',
  {
    key: string('The key to take.'),
    name: string('Name of the ConfigMap.'),
    optional: boolean('If true, the ConfigMap or the key may be missing. By default the container then does not start.'),
  },
  ['key'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ConfigMapKeySelector = FromSchema<typeof ConfigMapKeySelector>

export const ObjectFieldSelector = object(
  'io.k8s.api.core.v1.ObjectFieldSelector',
  'One field of the pod itself.',
  {
    apiVersion: string('Version in which fieldPath is meant; v1 if unset.', { default: 'v1' }),
    fieldPath: string('Path of the field, such as metadata.name or status.podIP. Labels and annotations take a key in brackets.'),
  },
  ['fieldPath'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ObjectFieldSelector = FromSchema<typeof ObjectFieldSelector>

export const FileKeySelector = object(
  'io.k8s.api.core.v1.FileKeySelector',
  'One variable of an environment file that an init container left in an emptyDir volume.',
  {
    key: string('Name of the variable in the file.'),
    optional: boolean(
      'If true, the file or the key may be missing and the variable is left out. False by default: the container then does not start.',
    ),
    path: string('Path of the file inside the volume, relative and without two dots.'),
    volumeName: string('Name of the volume that holds the file.'),
  },
  ['volumeName', 'path', 'key'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type FileKeySelector = FromSchema<typeof FileKeySelector>

export const ResourceFieldSelector = object(
  'io.k8s.api.core.v1.ResourceFieldSelector',
  'A resource request or limit of a container, as a number.',
  {
    containerName: string(
      'The container whose resources are meant. May be left out in environment variables, where it is the container itself.',
    ),
    divisor: quantity('Unit of the result, such as 1Mi or 1m. Unset counts in whole units; the result is rounded up.'),
    resource: string('Which value: limits.cpu, requests.memory and so on.'),
  },
  ['resource'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ResourceFieldSelector = FromSchema<typeof ResourceFieldSelector>

export const SecretKeySelector = object(
  'io.k8s.api.core.v1.SecretKeySelector',
  'One key of a Secret in the namespace of the pod.',
  {
    key: string('The key to take.'),
    name: string('Name of the Secret.'),
    optional: boolean('If true, the Secret or the key may be missing. By default the container then does not start.'),
  },
  ['key'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type SecretKeySelector = FromSchema<typeof SecretKeySelector>

export const ConfigMapEnvSource = object(
  'io.k8s.api.core.v1.ConfigMapEnvSource',
  'A ConfigMap whose entries all become environment variables.',
  {
    name: string('Name of the ConfigMap.'),
    optional: boolean('If true, the ConfigMap may be missing. By default the container then does not start.'),
  },
)
export type ConfigMapEnvSource = FromSchema<typeof ConfigMapEnvSource>

export const SecretEnvSource = object('io.k8s.api.core.v1.SecretEnvSource', 'A Secret whose entries all become environment variables.', {
  name: string('Name of the Secret.'),
  optional: boolean('If true, the Secret may be missing. By default the container then does not start.'),
})
export type SecretEnvSource = FromSchema<typeof SecretEnvSource>

export const LocalObjectReference = object(
  'io.k8s.api.core.v1.LocalObjectReference',
  'An object in the same namespace, by name; its kind follows from the place of the reference.',
  {
    name: string('Name of the object.'),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type LocalObjectReference = FromSchema<typeof LocalObjectReference>

export const TypedLocalObjectReference = object(
  'io.k8s.api.core.v1.TypedLocalObjectReference',
  'An object of any kind in the same namespace.',
  {
    apiGroup: string('Group of the kind. Unset or empty means the core group.'),
    kind: string('Kind of the object.'),
    name: string('Name of the object.'),
  },
  ['kind', 'name'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type TypedLocalObjectReference = FromSchema<typeof TypedLocalObjectReference>

export const TypedObjectReference = object(
  'io.k8s.api.core.v1.TypedObjectReference',
  'An object of any kind, possibly in another namespace.',
  {
    apiGroup: string('Group of the kind. Unset or empty means the core group.'),
    kind: string('Kind of the object.'),
    name: string('Name of the object.'),
    namespace: string('Namespace of the object if it is another one, which a grant there must allow. Unset means the same namespace.'),
  },
  ['kind', 'name'],
)
export type TypedObjectReference = FromSchema<typeof TypedObjectReference>

export const ObjectReference = object(
  'io.k8s.api.core.v1.ObjectReference',
  'An object of any kind, or a part of one, with as much detail as the place needs.',
  {
    apiVersion: string('Group and version of the object.'),
    fieldPath: string('The part that is meant, such as spec.containers{web}. Empty means the whole object.'),
    kind: string('Kind of the object.'),
    name: string('Name of the object.'),
    namespace: string('Namespace of the object; empty for cluster-wide kinds.'),
    resourceVersion: string('The version of the object that was meant, if it matters.'),
    uid: string('UID of the object.'),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ObjectReference = FromSchema<typeof ObjectReference>

export const SecretReference = object(
  'io.k8s.api.core.v1.SecretReference',
  'A Secret in any namespace.',
  {
    name: string('Name of the Secret.'),
    namespace: string('Namespace of the Secret.'),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type SecretReference = FromSchema<typeof SecretReference>
