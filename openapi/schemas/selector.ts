import type { FromSchema } from 'json-schema-to-ts'
import { int64, list, map, object, string, time } from '../schema.ts'

export const LabelSelectorRequirement = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement',
  'A test on one label.',
  {
    key: string('Key of the label to look at.'),
    operator: string(
      'In and NotIn compare the value with values, Exists and DoesNotExist look only whether the key is there. NotIn also holds when the key is missing.',
    ),
    values: list(string(''), 'One value at least for In and NotIn; must be empty for Exists and DoesNotExist.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['key', 'operator'],
)
export type LabelSelectorRequirement = FromSchema<typeof LabelSelectorRequirement>

export const LabelSelector = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
  'Picks objects by their labels. All parts must hold; an empty selector picks everything, a missing one nothing.',
  {
    matchExpressions: list(LabelSelectorRequirement, 'Tests on labels, all of which must hold.', { 'x-kubernetes-list-type': 'atomic' }),
    matchLabels: map(string(''), 'Labels an object must carry with exactly these values.'),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type LabelSelector = FromSchema<typeof LabelSelector>

export const NodeSelectorRequirement = object(
  'io.k8s.api.core.v1.NodeSelectorRequirement',
  'A test on one label or field of a node.',
  {
    key: string('Key of the label, or in matchFields the path of the field.'),
    operator: string('In and NotIn compare with values, Exists and DoesNotExist look for the key alone, Gt and Lt compare as integers.', {
      enum: ['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'],
    }),
    values: list(string(''), 'One value at least for In and NotIn, exactly one integer for Gt and Lt, none for Exists and DoesNotExist.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['key', 'operator'],
)
export type NodeSelectorRequirement = FromSchema<typeof NodeSelectorRequirement>

export const NodeSelectorTerm = object(
  'io.k8s.api.core.v1.NodeSelectorTerm',
  'Tests a node must pass together. A term without tests picks no node.',
  {
    matchExpressions: list(NodeSelectorRequirement, 'Tests on labels of the node, all of which must hold.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    matchFields: list(
      NodeSelectorRequirement,
      'Tests on fields of the node, all of which must hold. The only field there is: metadata.name.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type NodeSelectorTerm = FromSchema<typeof NodeSelectorTerm>

export const NodeSelector = object(
  'io.k8s.api.core.v1.NodeSelector',
  'Picks nodes by their labels and fields.',
  {
    nodeSelectorTerms: list(NodeSelectorTerm, 'Alternatives: a node that satisfies one term is picked. At least one is needed.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['nodeSelectorTerms'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type NodeSelector = FromSchema<typeof NodeSelector>

export const Toleration = object('io.k8s.api.core.v1.Toleration', 'Lets a pod onto nodes with a matching taint, or stay on them.', {
  effect: string('Effect to match: NoSchedule, PreferNoSchedule or NoExecute. Empty matches all three.', {
    enum: ['NoExecute', 'NoSchedule', 'PreferNoSchedule'],
  }),
  key: string('Key of the taint to match. Empty, with the operator Exists, matches every taint.'),
  operator: string(
    'Equal, the default, compares the value; Exists takes any value; Gt and Lt compare the value of the taint as an integer.',
    { enum: ['Equal', 'Exists', 'Gt', 'Lt'] },
  ),
  tolerationSeconds: int64(
    'How many seconds the pod may stay after a NoExecute taint appears. Unset means for ever; 0 or less evicts at once.',
  ),
  value: string('Value to compare with. Must be empty for Exists.'),
})
export type Toleration = FromSchema<typeof Toleration>

export const Taint = object(
  'io.k8s.api.core.v1.Taint',
  'A mark on a node that keeps away pods which do not tolerate it.',
  {
    effect: string(
      'NoSchedule keeps new pods away, PreferNoSchedule does so if there is another place, NoExecute also evicts those that run.',
      { enum: ['NoExecute', 'NoSchedule', 'PreferNoSchedule'] },
    ),
    key: string('Key of the taint, in the form of a label key.'),
    timeAdded: time('When the taint was put on.'),
    value: string('Value of the taint; may be empty.'),
  },
  ['key', 'effect'],
)
export type Taint = FromSchema<typeof Taint>

export const TopologySelectorLabelRequirement = object(
  'io.k8s.api.core.v1.TopologySelectorLabelRequirement',
  'A label and the values allowed for it.',
  {
    key: string('Key of the label, for example the zone of a node.'),
    values: list(string(''), 'Values of which one must match.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['key', 'values'],
)
export type TopologySelectorLabelRequirement = FromSchema<typeof TopologySelectorLabelRequirement>

export const TopologySelectorTerm = object(
  'io.k8s.api.core.v1.TopologySelectorTerm',
  'A set of places, described by labels that must all match.',
  {
    matchLabelExpressions: list(TopologySelectorLabelRequirement, 'The labels and their allowed values.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type TopologySelectorTerm = FromSchema<typeof TopologySelectorTerm>
