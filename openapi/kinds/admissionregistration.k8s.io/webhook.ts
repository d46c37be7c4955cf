// What the two kinds of webhook configurations have in common.
import { duplicate, type FieldError, invalid, required } from '../../errors.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import type { MutatingWebhook, ServiceReference, ValidatingWebhook } from '../../schemas/admissionregistration.ts'
import { deepEqual } from '../../values/equal.ts'
import { isDns1035Label, isDns1123Subdomain } from '../../values/names.ts'
import { between, oneOf, problems } from '../core/pod/validation/fields.ts'
import { conditionErrors, failurePolicies, matchPolicies, reinvocationPolicies, ruleErrors } from './matching.ts'

export type Webhook = ValidatingWebhook & Partial<Pick<MutatingWebhook, 'reinvocationPolicy'>>

/** What an update does not have to mend, because it was so before. */
interface Leniency {
  sideEffects: boolean
  reviewVersions: boolean
  names: boolean
  selectors: boolean
  conditions: boolean
}

const strict: Leniency = { sideEffects: false, reviewVersions: false, names: false, selectors: false, conditions: false }

export const webhooksErrors = (webhooks: readonly Webhook[] = []): FieldError[] => allErrors(webhooks, strict)

export function webhooksUpdateErrors(webhooks: readonly Webhook[] = [], old: readonly Webhook[] = []): FieldError[] {
  return allErrors(webhooks, {
    sideEffects: !old.every(hook => sideEffects.includes(hook.sideEffects)),
    reviewVersions: old.some(({ admissionReviewVersions: v }) => v.length > 0 && !v.some(isKnownVersion)),
    names: new Set(old.map(hook => hook.name)).size < old.length,
    selectors: old.some(hook => selectorErrors(hook, '').length > 0),
    conditions: webhooks.length === old.length && webhooks.every((w, i) => deepEqual(w.matchConditions, old[i]?.matchConditions)),
  })
}

const allErrors = (webhooks: readonly Webhook[], lenient: Leniency): FieldError[] =>
  webhooks.flatMap((hook, index) => {
    const path = `webhooks[${index}]`
    const repeated = !lenient.names && hook.name && webhooks.findIndex(other => other.name === hook.name) < index
    return [
      ...webhookErrors(hook, lenient, path),
      ...versionErrors(hook.admissionReviewVersions ?? [], lenient, `${path}.admissionReviewVersions`),
      ...(repeated ? [duplicate(`${path}.name`, hook.name)] : []),
    ]
  })

const sideEffects = ['None', 'NoneOnDryRun']
const allSideEffects = ['None', 'NoneOnDryRun', 'Some', 'Unknown']

function webhookErrors(hook: Webhook, lenient: Leniency, path: string): FieldError[] {
  const allowed = lenient.sideEffects ? allSideEffects : sideEffects
  const errors = nameErrors(hook.name ?? '', `${path}.name`)
  for (const [index, rule] of (hook.rules ?? []).entries()) errors.push(...ruleErrors(rule, `${path}.rules[${index}]`))
  errors.push(...oneOf(`${path}.failurePolicy`, hook.failurePolicy, failurePolicies))
  errors.push(...oneOf(`${path}.matchPolicy`, hook.matchPolicy, matchPolicies))
  if (!hook.sideEffects) errors.push(required(`${path}.sideEffects`, `must specify one of ${allowed.join(', ')}`))
  else errors.push(...oneOf(`${path}.sideEffects`, hook.sideEffects, allowed))
  if (between('', hook.timeoutSeconds, [1, 30]).length > 0)
    errors.push(invalid(`${path}.timeoutSeconds`, hook.timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'))
  if (!lenient.selectors) errors.push(...selectorErrors(hook, path))
  errors.push(...oneOf(`${path}.reinvocationPolicy`, hook.reinvocationPolicy, reinvocationPolicies))
  errors.push(...clientErrors(hook, `${path}.clientConfig`))
  return lenient.conditions ? errors : [...errors, ...conditionErrors(hook.matchConditions ?? [], false, `${path}.matchConditions`)]
}

function nameErrors(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)]
  const why = isDns1123Subdomain(name)
  if (why.length > 0) return [invalid(path, name, why.join(','))]
  return name.split('.').length < 3 ? [invalid(path, name, 'should be a domain with at least three segments separated by dots')] : []
}

const selectorErrors = ({ namespaceSelector, objectSelector }: Webhook, path: string): FieldError[] => [
  ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
  ...validateLabelSelector(objectSelector, `${path}.objectSelector`),
]

const knownVersions = ['v1', 'v1beta1']
const isKnownVersion = (version: string): boolean => knownVersions.includes(version)

function versionErrors(versions: readonly string[], { reviewVersions }: Leniency, path: string): FieldError[] {
  if (versions.length === 0) return [required(path, `must specify one of ${knownVersions.join(', ')}`)]
  const errors = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalid(`${path}[${index}]`, version, 'duplicate version')]
      : problems(`${path}[${index}]`, version, isDns1035Label),
  )
  if (reviewVersions || versions.some(isKnownVersion)) return errors
  return [...errors, invalid(path, versions, `must include at least one of ${knownVersions.join(', ')}`)]
}

function clientErrors({ clientConfig: { url, service } }: Webhook, path: string): FieldError[] {
  if ((url === undefined) === (service === undefined)) return [required(path, 'exactly one of url or service is required')]
  return service ? serviceErrors(service, `${path}.service`) : urlErrors(url ?? '', `${path}.url`)
}

const form = '; desired format: https://host[/path]'

function urlErrors(url: string, path: string): FieldError[] {
  const [, scheme = '', user, host = '', query = '', fragment = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(url) ?? []
  const errors: FieldError[] = []
  if (scheme.toLowerCase() !== 'https') errors.push(invalid(path, scheme.toLowerCase(), `'https' is the only allowed URL scheme${form}`))
  if (host === '') errors.push(invalid(path, host, `host must be specified${form}`))
  if (user !== undefined) errors.push(invalid(path, user, 'user information is not permitted in the URL'))
  if (fragment !== '') errors.push(invalid(path, fragment, 'fragments are not permitted in the URL'))
  if (query !== '') errors.push(invalid(path, query, 'query parameters are not permitted in the URL'))
  return errors
}

function serviceErrors({ name, namespace, path: urlPath, port = 0 }: ServiceReference, path: string): FieldError[] {
  const errors: FieldError[] = []
  // Upstream hands over the two the other way round.
  if (!namespace) errors.push(required(`${path}.name`))
  if (!name) errors.push(required(`${path}.namespace`))
  for (const { message } of between('', port, [1, 65535]))
    errors.push(invalid(`${path}.port`, port, `port is not valid: ${message.replace(/^Invalid value: \S+: /, '')}`))
  return urlPath === undefined ? errors : [...errors, ...pathErrors(urlPath, `${path}.path`)]
}

function pathErrors(urlPath: string, path: string): FieldError[] {
  if (urlPath === '/' || urlPath === '') return []
  const empty = (index: number) => invalid(path, urlPath, `segment[${index}] may not be empty`)
  if (urlPath === '//') return [empty(0)]
  const errors = urlPath.startsWith('/') ? [] : [invalid(path, urlPath, "must start with a '/'")]
  for (const [index, step] of urlPath.slice(1).replace(/\/$/, '').split('/').entries()) {
    if (step === '') errors.push(empty(index))
    else for (const why of isDns1123Subdomain(step)) errors.push(invalid(path, urlPath, `segment[${index}]: ${why}`))
  }
  return errors
}
