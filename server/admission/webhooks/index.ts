// MutatingAdmissionWebhook and ValidatingAdmissionWebhook: the webhooks of the configurations are asked about each write they match.
import type { RequestOptions } from 'node:https'
import { badRequest, internalError, type StatusError } from '../../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import { mutatingWebhookConfiguration } from '../../../openapi/kinds/admissionregistration.k8s.io/mutatingwebhookconfiguration.ts'
import { validatingWebhookConfiguration } from '../../../openapi/kinds/admissionregistration.k8s.io/validatingwebhookconfiguration.ts'
import type { Webhook } from '../../../openapi/kinds/admissionregistration.k8s.io/webhook.ts'
import { draftOf } from '../../../openapi/rules/draft.ts'
import { jsonPatch, type Operation } from '../../../openapi/rules/jsonpatch.ts'
import { deepCopy } from '../../../openapi/values/copy.ts'
import { deepEqual } from '../../../openapi/values/equal.ts'
import type { Authorizer } from '../../auth/attributes.ts'
import { CallError, callWebhook } from '../../extension/call.ts'
import type { ServiceResolver } from '../../extension/resolve.ts'
import type { Ids } from '../../ids.ts'
import { type AdmissionPlugin, type AdmissionRequest, type Reinvocation, recalled } from '../chain.ts'
import type { Configurations } from '../configuration.ts'
import { type Attributes, attributesOf, isShown, type MatchParts, matchingKind, replaceObject, shownAttributes } from '../matching.ts'
import { isCalled } from './conditions.ts'
import { webhookCredentials } from './credentials.ts'
import { mutationNotes, type Notes, validationNotes } from './notes.ts'
import { BadAnswer, denial, reviewOf, reviewVersions, type Verdict, verdictOf } from './review.ts'

export interface WebhookParts extends MatchParts {
  authorizer: Authorizer
  ids: Ids
  resolver: ServiceResolver
  /** As whom one is called that listens at HOST:PORT. */
  credentials(host: string): RequestOptions
}

export type WebhookOptions = Omit<WebhookParts, 'credentials'> & { configurations: Configurations }

const partsFor = (plugin: string, options: WebhookOptions): WebhookParts => ({
  ...options,
  credentials: webhookCredentials(plugin, options.configurations),
})

/** A webhook, and the name by which it is known among all. */
interface Hook {
  key: string
  configuration: string
  webhook: Webhook
}

export const mutatingWebhooks = (options: WebhookOptions): AdmissionPlugin => mutating(partsFor('MutatingAdmissionWebhook', options))
export const validatingWebhooks = (options: WebhookOptions): AdmissionPlugin => validating(partsFor('ValidatingAdmissionWebhook', options))

const mutating = (parts: WebhookParts): AdmissionPlugin => ({
  name: 'MutatingAdmissionWebhook',
  subresources: true,
  bodies: true,
  async admit(request, reinvocation) {
    const hooks = isShown(request) ? await hooksOf(parts, mutatingWebhookConfiguration) : []
    if (hooks.length > 0) await mutate(parts, request, hooks, reinvocation)
  },
  async validate(request) {
    // A delete goes through no admit(): there is nothing to change.
    if (request.operation !== 'DELETE' || !isShown(request)) return
    for (const [index, hook] of (await hooksOf(parts, mutatingWebhookConfiguration)).entries()) {
      const notes = mutationNotes(request, hook, `round_0_index_${index}`)
      try {
        const verdict = await ask(parts, hook.webhook, attributesOf(request), notes)
        if (hasOperations(verdict?.patch)) throw unpatchable(hook.webhook)
      } finally {
        notes.end(false)
      }
    }
  },
})

const validating = (parts: WebhookParts): AdmissionPlugin => ({
  name: 'ValidatingAdmissionWebhook',
  bodies: true,
  async validate(request) {
    const hooks = isShown(request) ? await hooksOf(parts, validatingWebhookConfiguration) : []
    if (hooks.length === 0) return
    const attributes = attributesOf(request)
    let called = 0
    const next = () => called++
    const outcomes = await Promise.allSettled(
      hooks.map(({ webhook }) => ask(parts, webhook, attributes, validationNotes(request, webhook, next))),
    )
    const refused = outcomes.find(outcome => outcome.status === 'rejected')
    if (refused) throw refused.reason
  },
})

/** By name of the configuration, then in the order they stand there. */
async function hooksOf<T extends KubeObject & { webhooks?: readonly Webhook[] }>(parts: WebhookParts, kind: Kind<T>): Promise<Hook[]> {
  const configurations = await parts.lookup.list(kind, '')
  return configurations.flatMap(({ metadata, webhooks = [] }) =>
    webhooks.map(webhook => ({ key: `${metadata.name}/${webhook.name}`, configuration: metadata.name, webhook })),
  )
}

async function mutate(parts: WebhookParts, request: AdmissionRequest, hooks: readonly Hook[], reinvocation: Reinvocation): Promise<void> {
  reinvocation.webhooks ??= { invoked: new Set(), again: new Set() }
  const memory = reinvocation.webhooks
  if (reinvocation.round > 0 && !deepEqual(memory.output, request.object)) recalled(memory)
  for (const [index, hook] of hooks.entries()) {
    const { key, webhook } = hook
    if (reinvocation.round > 0 && !memory.again.has(key)) continue
    const notes = mutationNotes(request, hook, `round_${reinvocation.round}_index_${index}`)
    let changed = false
    let verdict: Asked | undefined
    try {
      verdict = await ask(parts, webhook, attributesOf(request), notes)
      if (verdict && hasOperations(verdict.patch)) {
        changed = await patchInto(request, webhook, { ...verdict, parts })
        notes.patched(verdict.patch)
      }
    } finally {
      notes.end(changed)
    }
    if (changed) {
      recalled(memory)
      reinvocation.again = true
    }
    if (verdict && webhook.reinvocationPolicy === 'IfNeeded') memory.invoked.add(key)
  }
  // Only a second round looks at it.
  if (reinvocation.again) memory.output = deepCopy(request.object)
}

const hasOperations = (patch: unknown): boolean => patch !== undefined && patch !== null && !(Array.isArray(patch) && patch.length === 0)

const unpatchable = ({ name }: Webhook): StatusError =>
  internalError(`admission webhook ${JSON.stringify(name)} attempted to modify the object, which is not supported for this operation`)

/** Changes the request's object in place, and says whether it is another now. */
async function patchInto(
  { kind, object, body }: AdmissionRequest,
  webhook: Webhook,
  { patch, shown, shownAs, parts }: Asked & { parts: WebhookParts },
): Promise<boolean> {
  const before = shown.object as KubeObject
  let next: KubeObject
  try {
    const patched = jsonPatch(before, patch as readonly Operation[])
    next = draftOf(body ?? shownAs, patched).object as unknown as KubeObject
  } catch (error) {
    throw internalError(error instanceof Error ? error.message : `${webhook.name}: ${error}`)
  }
  if (deepEqual(before, next)) return false
  await replaceObject({ kind, object, body }, next, { as: shownAs, convert: parts.convert })
  return true
}

type Asked = Verdict & { shown: Attributes; shownAs: Kind }

/** undefined: it is not asked, or could not be and that does not matter. Throws what the client hears. */
async function ask(parts: WebhookParts, webhook: Webhook, attributes: Attributes, notes: Notes): Promise<Asked | undefined> {
  const { mutating } = notes
  const { namespaceSelector, objectSelector, matchPolicy, rules = [] } = webhook
  const kind = await matchingKind({ rules, matchPolicy, namespaceSelector, objectSelector }, attributes, parts)
  if (!kind) return undefined
  const shown = await shownAttributes(attributes, kind, parts)
  if (!(await isCalled(webhook, shown, kind, parts.authorizer))) return undefined
  notes.called()
  if (attributes.request.dryRun && webhook.sideEffects !== 'None' && webhook.sideEffects !== 'NoneOnDryRun')
    throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`)
  const version = webhook.admissionReviewVersions.find(v => reviewVersions.includes(v)) ?? ''
  const uid = parts.ids.uid()
  let verdict: Verdict
  try {
    const calling = { resolver: parts.resolver, credentials: parts.credentials, timeoutSeconds: webhook.timeoutSeconds ?? 10 }
    const answer = await callWebhook(webhook.clientConfig, reviewOf(shown, kind, { uid, version }), calling)
    verdict = verdictOf(answer, { uid, version, mutating })
  } catch (error) {
    const why = failure(error)
    if (why === undefined) throw error
    if (webhook.failurePolicy === 'Ignore') {
      notes.failedOpen()
      return undefined
    }
    throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: ${why}`)
  }
  for (const [key, value] of Object.entries(verdict.annotations)) attributes.request.annotate?.(`${webhook.name}/${key}`, value)
  for (const warning of verdict.warnings) attributes.request.warn(warning)
  if (!verdict.allowed) throw denial(webhook.name, verdict.result)
  return { ...verdict, shown, shownAs: kind }
}

function failure(error: unknown): string | undefined {
  if (error instanceof CallError) return `failed to call webhook: ${error.message}`
  return error instanceof BadAnswer ? `received ${error.message}` : undefined
}
