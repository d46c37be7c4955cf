import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, fieldsV1, int32, int64, list, map, object, rawJson, string, time } from '../schema.ts'

export const ManagedFieldsEntry = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry',
  'The fields one writer set, with one entry per manager, operation, version and subresource.',
  {
    apiVersion: string('Group and version in which the manager wrote; the paths in fieldsV1 are meant in it.'),
    fieldsType: string('Format of the field set. The only one there is: FieldsV1.'),
    fieldsV1: fieldsV1('The owned fields as a tree of path elements: f: for a field, k: for a list item by its keys, v: for a set value.'),
    manager: string('Name of the writer, from the fieldManager parameter or else from the user agent.'),
    operation: string('How the fields came here: Apply for server-side apply, Update for every other write.'),
    subresource: string('Subresource that was written through, such as status or scale. Empty for the object itself.'),
    time: time('When the entry was added, or when its set of fields or their values last changed.'),
  },
)
export type ManagedFieldsEntry = FromSchema<typeof ManagedFieldsEntry>

export const OwnerReference = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference',
  'A link from a dependent to its owner. The garbage collector deletes a dependent when all its owners are gone; owners are in the same namespace or have none.',
  {
    apiVersion: string('Group and version of the owner.'),
    blockOwnerDeletion: boolean('If true, a foreground deletion of the owner waits until this dependent is gone. Unset means false.'),
    controller: boolean('True for the one owner that manages this object. At most one reference may say so.'),
    kind: string('Kind of the owner.'),
    name: string('Name of the owner.'),
    uid: string('UID of the owner. An object of the same name with another UID does not count as the owner.'),
  },
  ['apiVersion', 'kind', 'name', 'uid'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type OwnerReference = FromSchema<typeof OwnerReference>

export const ObjectMeta = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  'Facts that every stored object carries: its identity, its labels and its place in life.',
  {
    annotations: map(
      string(''),
      'Free key and value pairs for tools and people. They cannot be selected by; together they may take 256 KiB.',
    ),
    creationTimestamp: time('When the server stored the object first, in UTC. Clients cannot set it.'),
    deletionGracePeriodSeconds: int64(
      'Seconds the object has to end by itself once its deletion was asked for. Set with deletionTimestamp; it can only be shortened.',
    ),
    deletionTimestamp: time(
      'When the object is due to be gone. The server sets it on a deletion that has to wait for a grace period or for finalizers; it cannot be taken back.',
    ),
    finalizers: list(
      string(''),
      'Names of those who must still clean up. A deleted object stays until this list is empty, and nothing can be added to it then.',
      { 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' },
    ),
    generateName: string(
      'Prefix for a name the server makes up: it appends a random suffix of five characters. Used only when name is empty.',
    ),
    generation: int64('Number of the desired state, 1 at first and counted up by the server when the spec changes.'),
    labels: map(
      string(''),
      'Key and value pairs that sort objects into groups; selectors match on them. Values have at most 63 characters.',
    ),
    managedFields: list(
      ManagedFieldsEntry,
      'Who owns which fields, kept by the server for server-side apply. Writing a list of one empty entry clears it.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    name: string('Name, unique per resource within the namespace. It is part of the path and cannot change.'),
    namespace: string('Namespace the object lives in, default if none is named. Empty for cluster-wide kinds; it cannot change.'),
    ownerReferences: list(
      OwnerReference,
      'The owners this object depends on. When the last one is gone, the object is garbage collected.',
      {
        'x-kubernetes-list-map-keys': ['uid'],
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-patch-merge-key': 'uid',
        'x-kubernetes-patch-strategy': 'merge',
      },
    ),
    resourceVersion: string(
      'Opaque version of the stored object, changed by every write. Sent back with an update it makes a conflict of a lost race; lists and watches can start from it.',
    ),
    selfLink: string('Formerly the path of the object. Always empty now.'),
    uid: string('Identity of this one object over time, a UUID made by the server. A recreated object of the same name gets a new one.'),
  },
)
export type ObjectMeta = FromSchema<typeof ObjectMeta>

/** What every stored object begins with. */
export const objectHead = {
  apiVersion: string(
    'Group and version of this representation, as group/version, or just the version for the core group. The server fills it in and converts other versions it knows.',
  ),
  kind: string('Name of the type, in CamelCase. It cannot be changed, and the server derives it from the path when it is left out.'),
  metadata: field(ObjectMeta, 'Name, namespace, labels and the other facts every stored object carries.', { default: {} }),
}

export const Condition = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Condition',
  'One aspect of the state of an object, as observed last.',
  {
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people; may be empty.'),
    observedGeneration: int64(
      'The metadata.generation this condition was derived from. If that is lower than the object has now, the condition is out of date.',
    ),
    reason: string('Why the status is as it is, as one CamelCase word for programs. Must not be empty.'),
    status: string('Whether the condition holds: True, False, or Unknown if it cannot be told.'),
    type: string('Name of the condition in CamelCase, optionally with a domain prefix. There is one per type.'),
  },
  ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
)
export type Condition = FromSchema<typeof Condition>

export const Preconditions = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions',
  'What must hold for a deletion to be carried out; otherwise it fails with a conflict.',
  {
    resourceVersion: string('The version the object must have.'),
    uid: string('The UID the object must have.'),
  },
)
export type Preconditions = FromSchema<typeof Preconditions>

export const DeleteOptions = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  'How a deletion is to be carried out: how fast, under which conditions, and what becomes of dependents.',
  {
    apiVersion: string('Group and version of these options; normally v1.'),
    dryRun: list(string(''), 'With the one value All everything is checked and answered, but nothing is deleted.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    gracePeriodSeconds: int64(
      'Seconds the object gets to end by itself, not negative; 0 deletes at once. Unset takes the default of the kind, for pods the value in their spec.',
    ),
    ignoreStoreReadErrorWithClusterBreakingPotential: boolean(
      'If true, deletes an object that can no longer be read from storage, with no finalizers and no grace period. False by default.',
    ),
    kind: string('Kind of these options: DeleteOptions.'),
    orphanDependents: boolean(
      'Superseded by propagationPolicy and not allowed next to it. True leaves dependents behind without an owner, false has them deleted.',
    ),
    preconditions: field(Preconditions, 'Delete only if these hold, else answer with a conflict.'),
    propagationPolicy: string(
      'What becomes of dependents: Orphan leaves them, Background deletes them after the object, Foreground deletes them first. Unset takes the default of the kind.',
    ),
  },
)
export type DeleteOptions = FromSchema<typeof DeleteOptions>

export const GroupVersionForDiscovery = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery',
  'One version of an API group, spelled in both ways clients need.',
  {
    groupVersion: string('Group and version as they appear in apiVersion, such as apps/v1.'),
    version: string('The version alone, such as v1.'),
  },
  ['groupVersion', 'version'],
)
export type GroupVersionForDiscovery = FromSchema<typeof GroupVersionForDiscovery>

export const ServerAddressByClientCIDR = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR',
  'Which address a client should use, by where the client is.',
  {
    clientCIDR: string('Range of client addresses this entry is for.'),
    serverAddress: string('Host name or address, with an optional port, for clients in that range.'),
  },
  ['clientCIDR', 'serverAddress'],
)
export type ServerAddressByClientCIDR = FromSchema<typeof ServerAddressByClientCIDR>

export const APIGroup = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup',
  'A group of the API and the versions it is served in.',
  {
    apiVersion: string('Group and version of this answer: v1.'),
    kind: string('Kind of this answer: APIGroup.'),
    name: string('Name of the group, such as apps.'),
    preferredVersion: field(GroupVersionForDiscovery, 'The version a client should take if it has no reason for another.', { default: {} }),
    serverAddressByClientCIDRs: list(
      ServerAddressByClientCIDR,
      'Addresses by range of clients; the most specific range counts. Empty means the address already in use.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    versions: list(GroupVersionForDiscovery, 'The versions of the group.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['name', 'versions'],
)
export type APIGroup = FromSchema<typeof APIGroup>

export const APIResource = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIResource',
  'One resource or subresource of a version, as discovery lists it.',
  {
    categories: list(string(''), 'Collective names the resource answers to, such as all.', { 'x-kubernetes-list-type': 'atomic' }),
    group: string('Group of the kind if it is not the group of the list, as for scale.'),
    kind: string('Kind of the objects, such as Deployment.'),
    name: string('Plural name as in the path; subresources follow after a slash, as in pods/log.'),
    namespaced: boolean('Whether the objects live in namespaces.'),
    shortNames: list(string(''), 'Abbreviations for command lines, such as deploy.', { 'x-kubernetes-list-type': 'atomic' }),
    singularName: string('Name of a single one in lower case, such as deployment.'),
    storageVersionHash: string('Hash of the version in which objects are stored; it is only to be compared for equality.'),
    verbs: list(string(''), 'What can be done: get, list, watch, create, update, patch, delete, deletecollection.', { default: {} }),
    version: string('Version of the kind if it is not the version of the list.'),
  },
  ['name', 'singularName', 'namespaced', 'kind', 'verbs'],
)
export type APIResource = FromSchema<typeof APIResource>

export const APIResourceList = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList',
  'The resources of one group and version.',
  {
    apiVersion: string('Group and version of this answer: v1.'),
    groupVersion: string('The group and version whose resources these are, such as apps/v1.'),
    kind: string('Kind of this answer: APIResourceList.'),
    resources: list(APIResource, 'The resources and subresources, each with its names and verbs.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['groupVersion', 'resources'],
)
export type APIResourceList = FromSchema<typeof APIResourceList>

export const APIVersions = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions',
  'The versions of the core group, as /api answers them.',
  {
    apiVersion: string('Group and version of this answer: v1.'),
    kind: string('Kind of this answer: APIVersions.'),
    serverAddressByClientCIDRs: list(ServerAddressByClientCIDR, 'Addresses by range of clients; the most specific range counts.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    versions: list(string(''), 'Versions served below /api.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['versions', 'serverAddressByClientCIDRs'],
)
export type APIVersions = FromSchema<typeof APIVersions>

export const FieldSelectorRequirement = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement',
  'A test on the value of one field.',
  {
    key: string('Path of the field, such as spec.nodeName.'),
    operator: string('How to compare: In, NotIn, Exists or DoesNotExist.'),
    values: list(string(''), 'Values for In and NotIn; must be empty for Exists and DoesNotExist.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['key', 'operator'],
)
export type FieldSelectorRequirement = FromSchema<typeof FieldSelectorRequirement>

export const ShardInfo = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo',
  'Says that a list holds only a share of the objects.',
  {
    selector: string('The selector that picked this share, as it was asked for.'),
  },
  ['selector'],
)
export type ShardInfo = FromSchema<typeof ShardInfo>

export const ListMeta = object('io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta', 'Facts about a list rather than about its items.', {
  continue: string('Token for the next page, sent back as the continue parameter. Empty on the last page; it expires after some minutes.'),
  remainingItemCount: int64('How many items follow on later pages. Unset if that is not known, and for lists with selectors.'),
  resourceVersion: string('Version of the storage this list is a snapshot of; a watch can start from it.'),
  selfLink: string('Formerly the path of the list. Always empty now.'),
  shardInfo: field(ShardInfo, 'Set if the list holds only a share of all objects.'),
})
export type ListMeta = FromSchema<typeof ListMeta>

export const Patch = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch',
  'The body of a patch; its form depends on the content type: JSON patch, merge patch, strategic merge patch or apply.',
  {},
)
export type Patch = FromSchema<typeof Patch>

export const StatusCause = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause',
  'One of the reasons of a failure, such as one invalid field.',
  {
    field: string('Path of the field the cause is about, as in spec.containers[0].name. Empty if it is about no field.'),
    message: string('The cause in words for people.'),
    reason: string('The cause as one CamelCase word for programs, such as FieldValueInvalid.'),
  },
)
export type StatusCause = FromSchema<typeof StatusCause>

export const StatusDetails = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails',
  'What a status is about, as far as programs need it.',
  {
    causes: list(StatusCause, 'The single causes behind the reason, for example one per invalid field.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    group: string('API group of the object in question.'),
    kind: string('Kind or resource of the object in question.'),
    name: string('Name of the object in question, if it is a single one.'),
    retryAfterSeconds: int32('Seconds to wait before trying again; 0 or unset if waiting is of no use.'),
    uid: string('UID of the object in question, if it is a single one.'),
  },
)
export type StatusDetails = FromSchema<typeof StatusDetails>

export const Status = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Status',
  'The answer to a request that returns no object: how it went and, for failures, why.',
  {
    apiVersion: string('Group and version of this answer: v1.'),
    code: int32('The HTTP status code.'),
    details: field(StatusDetails, 'The object and causes behind the reason.'),
    kind: string('Kind of this answer: Status.'),
    message: string('What happened, in words for people.'),
    metadata: field(ListMeta, 'Facts about the answer as if it were a list; mostly empty.', { default: {} }),
    reason: string('Why it failed, as one CamelCase word, such as NotFound, Conflict or Invalid. Empty for a success.'),
    status: string('Success or Failure.'),
  },
)
export type Status = FromSchema<typeof Status>

export const WatchEvent = object(
  'io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent',
  'One line of a watch: what happened, and to which object.',
  {
    object: rawJson(
      'The object after the change; as it was last for DELETED, a bare metadata.resourceVersion for BOOKMARK, a Status for ERROR.',
    ),
    type: string('What happened: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.'),
  },
  ['type', 'object'],
)
export type WatchEvent = FromSchema<typeof WatchEvent>
