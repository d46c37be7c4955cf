import type { FromSchema } from 'json-schema-to-ts'
import { boolean, object, quantity, string } from '../schema.ts'

export const ConfigMapKeySelector = object(
  'io.k8s.api.core.v1.ConfigMapKeySelector',
  '',
  {
    key: string(''),
    name: string(''),
    optional: boolean(''),
  },
  ['key'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ConfigMapKeySelector = FromSchema<typeof ConfigMapKeySelector>

export const ObjectFieldSelector = object(
  'io.k8s.api.core.v1.ObjectFieldSelector',
  '',
  {
    apiVersion: string('', { default: 'v1' }),
    fieldPath: string(''),
  },
  ['fieldPath'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ObjectFieldSelector = FromSchema<typeof ObjectFieldSelector>

export const FileKeySelector = object(
  'io.k8s.api.core.v1.FileKeySelector',
  '',
  {
    key: string(''),
    optional: boolean(''),
    path: string(''),
    volumeName: string(''),
  },
  ['volumeName', 'path', 'key'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type FileKeySelector = FromSchema<typeof FileKeySelector>

export const ResourceFieldSelector = object(
  'io.k8s.api.core.v1.ResourceFieldSelector',
  '',
  {
    containerName: string(''),
    divisor: quantity(''),
    resource: string(''),
  },
  ['resource'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ResourceFieldSelector = FromSchema<typeof ResourceFieldSelector>

export const SecretKeySelector = object(
  'io.k8s.api.core.v1.SecretKeySelector',
  '',
  {
    key: string(''),
    name: string(''),
    optional: boolean(''),
  },
  ['key'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type SecretKeySelector = FromSchema<typeof SecretKeySelector>

export const ConfigMapEnvSource = object('io.k8s.api.core.v1.ConfigMapEnvSource', '', {
  name: string(''),
  optional: boolean(''),
})
export type ConfigMapEnvSource = FromSchema<typeof ConfigMapEnvSource>

export const SecretEnvSource = object('io.k8s.api.core.v1.SecretEnvSource', '', {
  name: string(''),
  optional: boolean(''),
})
export type SecretEnvSource = FromSchema<typeof SecretEnvSource>

export const LocalObjectReference = object(
  'io.k8s.api.core.v1.LocalObjectReference',
  '',
  {
    name: string(''),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type LocalObjectReference = FromSchema<typeof LocalObjectReference>

export const TypedLocalObjectReference = object(
  'io.k8s.api.core.v1.TypedLocalObjectReference',
  '',
  {
    apiGroup: string(''),
    kind: string(''),
    name: string(''),
  },
  ['kind', 'name'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type TypedLocalObjectReference = FromSchema<typeof TypedLocalObjectReference>

export const TypedObjectReference = object(
  'io.k8s.api.core.v1.TypedObjectReference',
  '',
  {
    apiGroup: string(''),
    kind: string(''),
    name: string(''),
    namespace: string(''),
  },
  ['kind', 'name'],
)
export type TypedObjectReference = FromSchema<typeof TypedObjectReference>

export const ObjectReference = object(
  'io.k8s.api.core.v1.ObjectReference',
  '',
  {
    apiVersion: string(''),
    fieldPath: string(''),
    kind: string(''),
    name: string(''),
    namespace: string(''),
    resourceVersion: string(''),
    uid: string(''),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ObjectReference = FromSchema<typeof ObjectReference>

export const SecretReference = object(
  'io.k8s.api.core.v1.SecretReference',
  '',
  {
    name: string(''),
    namespace: string(''),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type SecretReference = FromSchema<typeof SecretReference>
