// How a definition's versions are converted, and the webhook that would be asked.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../../errors.ts'
import { isDns1035Label } from '../../../../values/names.ts'
import type { CustomResourceDefinition } from '../index.ts'

type Spec = CustomResourceDefinition['spec']
type Webhook = NonNullable<NonNullable<Spec['conversion']>['webhook']>
const path = 'spec.conversion'
const strategies = ['None', 'Webhook']
const known = ['v1', 'v1beta1']

export function conversionErrors({ conversion }: Spec, old?: CustomResourceDefinition): FieldError[] {
  if (!conversion) return []
  const { strategy, webhook } = conversion
  const { clientConfig, conversionReviewVersions: versions = [] } = webhook ?? ({} as Partial<Webhook>)
  const errors: FieldError[] = []
  if (!strategy) errors.push(required(`${path}.strategy`))
  else if (!strategies.includes(strategy)) errors.push(notSupported(`${path}.strategy`, strategy, strategies))
  if (strategy === 'Webhook') {
    errors.push(
      ...(clientConfig
        ? clientErrors(clientConfig)
        : [required(`${path}.webhookClientConfig`, 'required when strategy is set to Webhook')]),
    )
    return [...errors, ...reviewErrors(versions, mustBeKnown(old))]
  }
  const unwanted = 'should not be set when strategy is not set to Webhook'
  if (clientConfig) errors.push(forbidden(`${path}.webhookClientConfig`, unwanted))
  if (versions.length > 0) errors.push(forbidden(`${path}.conversionReviewVersions`, unwanted))
  return errors
}

/** What never was understood need not be now. */
function mustBeKnown(old: CustomResourceDefinition | undefined): boolean {
  const before = old?.spec.conversion?.webhook?.conversionReviewVersions ?? []
  return before.length === 0 || before.some(version => known.includes(version))
}

function reviewErrors(versions: readonly string[], someKnown: boolean): FieldError[] {
  const field = `${path}.conversionReviewVersions`
  if (versions.length === 0) return [required(field)]
  const errors = versions.flatMap((version, i) => {
    const at = `${field}[${i}]`
    if (versions.indexOf(version) < i) return [invalid(at, version, 'duplicate version')]
    return isDns1035Label(version).map(why => invalid(at, version, why))
  })
  if (someKnown && !versions.some(version => known.includes(version)))
    errors.push(invalid(field, versions, `must include at least one of ${known.join(', ')}`))
  return errors
}

function clientErrors({ url, service }: NonNullable<Webhook['clientConfig']>): FieldError[] {
  const field = `${path}.webhookClientConfig`
  if ((url === undefined) === (service === undefined)) return [required(field, 'exactly one of url or service is required')]
  return url !== undefined ? urlErrors(url, `${field}.url`) : serviceErrors(service as NonNullable<typeof service>, `${field}.service`)
}

function urlErrors(text: string, field: string): FieldError[] {
  const form = 'desired format: https://host[/path]'
  if (!URL.canParse(text))
    return [required(field, `url must be a valid URL: parse ${JSON.stringify(text)}: invalid URI for request; ${form}`)]
  const { protocol, host, username, hash, search } = new URL(text)
  const errors: FieldError[] = []
  if (protocol !== 'https:') errors.push(invalid(field, protocol.slice(0, -1), `'https' is the only allowed URL scheme; ${form}`))
  if (host === '') errors.push(invalid(field, host, `host must be specified; ${form}`))
  if (username) errors.push(invalid(field, username, 'user information is not permitted in the URL'))
  if (hash) errors.push(invalid(field, hash.slice(1), 'fragments are not permitted in the URL'))
  if (search) errors.push(invalid(field, search.slice(1), 'query parameters are not permitted in the URL'))
  return errors
}

function serviceErrors(
  { name, namespace, path: place, port = 443 }: NonNullable<NonNullable<Webhook['clientConfig']>['service']>,
  field: string,
): FieldError[] {
  const errors: FieldError[] = []
  if (!name) errors.push(required(`${field}.name`))
  if (!namespace) errors.push(required(`${field}.namespace`))
  if (port < 1 || port > 65535) errors.push(invalid(`${field}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive'))
  if (place !== undefined && !place.startsWith('/')) errors.push(invalid(`${field}.path`, place, "must start with a '/'"))
  return errors
}
