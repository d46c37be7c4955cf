import type { FromSchema } from 'json-schema-to-ts'
import { int64, list, map, object, string, time } from '../schema.ts'

export const LabelSelectorRequirement = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement',
  '',
  {
    key: string(''),
    operator: string(''),
    values: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['key', 'operator'],
)
export type LabelSelectorRequirement = FromSchema<typeof LabelSelectorRequirement>

export const LabelSelector = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
  '',
  {
    matchExpressions: list(LabelSelectorRequirement, '', { 'x-kubernetes-list-type': 'atomic' }),
    matchLabels: map(string(''), ''),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type LabelSelector = FromSchema<typeof LabelSelector>

export const NodeSelectorRequirement = object(
  'io.k8s.api.core.v1.NodeSelectorRequirement',
  '',
  {
    key: string(''),
    operator: string('', { enum: ['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'] }),
    values: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['key', 'operator'],
)
export type NodeSelectorRequirement = FromSchema<typeof NodeSelectorRequirement>

export const NodeSelectorTerm = object(
  'io.k8s.api.core.v1.NodeSelectorTerm',
  '',
  {
    matchExpressions: list(NodeSelectorRequirement, '', { 'x-kubernetes-list-type': 'atomic' }),
    matchFields: list(NodeSelectorRequirement, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type NodeSelectorTerm = FromSchema<typeof NodeSelectorTerm>

export const NodeSelector = object(
  'io.k8s.api.core.v1.NodeSelector',
  '',
  {
    nodeSelectorTerms: list(NodeSelectorTerm, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['nodeSelectorTerms'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type NodeSelector = FromSchema<typeof NodeSelector>

export const Toleration = object('io.k8s.api.core.v1.Toleration', '', {
  effect: string('', { enum: ['NoExecute', 'NoSchedule', 'PreferNoSchedule'] }),
  key: string(''),
  operator: string('', { enum: ['Equal', 'Exists', 'Gt', 'Lt'] }),
  tolerationSeconds: int64(''),
  value: string(''),
})
export type Toleration = FromSchema<typeof Toleration>

export const Taint = object(
  'io.k8s.api.core.v1.Taint',
  '',
  {
    effect: string('', { enum: ['NoExecute', 'NoSchedule', 'PreferNoSchedule'] }),
    key: string(''),
    timeAdded: time(''),
    value: string(''),
  },
  ['key', 'effect'],
)
export type Taint = FromSchema<typeof Taint>

export const TopologySelectorLabelRequirement = object(
  'io.k8s.api.core.v1.TopologySelectorLabelRequirement',
  '',
  {
    key: string(''),
    values: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['key', 'values'],
)
export type TopologySelectorLabelRequirement = FromSchema<typeof TopologySelectorLabelRequirement>

export const TopologySelectorTerm = object(
  'io.k8s.api.core.v1.TopologySelectorTerm',
  '',
  {
    matchLabelExpressions: list(TopologySelectorLabelRequirement, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type TopologySelectorTerm = FromSchema<typeof TopologySelectorTerm>
