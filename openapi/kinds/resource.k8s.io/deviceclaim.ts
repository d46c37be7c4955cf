// What a claim, or a template of claims, asks for.
import { loadCel } from '../../cel/admission/compile.ts'
import { type FieldError, invalid, notSupported, required } from '../../errors.ts'
import type {
  DeviceClaim,
  DeviceClaimConfiguration,
  DeviceConstraint,
  DeviceRequest,
  DeviceSubRequest,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from '../../schemas/resource.ts'
import { dnsLabel, dnsSubdomain } from '../core/pod/validation/fields.ts'
import { fullNameErrors, listErrors, most, opaqueErrors, repeated, selectorErrors, tolerationErrors } from './fields.ts'

/** Mutates `spec`. */
export function claimDefaults({ devices }: ResourceClaimSpec): void {
  for (const { exactly, firstAvailable = [] } of devices.requests ?? [])
    for (const request of [...(exactly ? [exactly] : []), ...firstAvailable]) {
      request.allocationMode ??= 'ExactCount'
      if (request.allocationMode === 'ExactCount' && !request.count) request.count = 1
    }
}

/** Selectors are in CEL. */
export async function readySelectors({ devices }: ResourceClaimSpec): Promise<void> {
  const parts = (devices?.requests ?? []).flatMap(({ exactly, firstAvailable = [] }) => [exactly, ...firstAvailable])
  if (parts.some(part => part?.selectors?.length)) await loadCel()
}

export function claimErrors({ devices }: ResourceClaimSpec, path: string): FieldError[] {
  const { requests, constraints, config } = devices
  const names = requestNames(devices)
  const at = `${path}.devices`
  return [
    ...listErrors(requests, most.requests, `${at}.requests`, requestErrors),
    ...repeated(requests, request => request.name ?? '', `${at}.requests`),
    ...listErrors(constraints, most.requests, `${at}.constraints`, (constraint, each) => constraintErrors(constraint, names, each)),
    ...listErrors(config, most.config, `${at}.config`, (one, each) => configErrors(one, names, each)),
  ]
}

/** Of the requests, with those of their alternatives after a slash. */
export const requestNames = ({ requests }: DeviceClaim): ReadonlySet<string> =>
  new Set((requests ?? []).flatMap(({ name, firstAvailable = [] }) => [name, ...firstAvailable.map(sub => `${name}/${sub.name}`)]))

function requestErrors({ name, exactly, firstAvailable = [] }: DeviceRequest, path: string): FieldError[] {
  const errors = dnsLabel(`${path}.name`, name ?? '')
  const oneOfBoth = 'exactly one of `exactly` or `firstAvailable` is required'
  if (exactly && firstAvailable.length > 0) return [...errors, invalid(path, null, `${oneOfBoth}, but multiple fields are set`)]
  if (exactly) return [...errors, ...exactErrors(exactly, `${path}.exactly`)]
  if (firstAvailable.length === 0) return [...errors, required(path, oneOfBoth)]
  const alternative = (sub: DeviceSubRequest, at: string) => [...dnsLabel(`${at}.name`, sub.name ?? ''), ...exactErrors(sub, at)]
  return [
    ...errors,
    ...listErrors(firstAvailable, 8, `${path}.firstAvailable`, alternative),
    ...repeated(firstAvailable, sub => sub.name ?? '', `${path}.firstAvailable`),
  ]
}

function exactErrors(request: ExactDeviceRequest | DeviceSubRequest, path: string): FieldError[] {
  const { deviceClassName, selectors, allocationMode = '', count = 0, tolerations } = request
  const errors = deviceClassName ? dnsSubdomain(`${path}.deviceClassName`, deviceClassName) : [required(`${path}.deviceClassName`)]
  errors.push(...selectorErrors(selectors, `${path}.selectors`))
  if (allocationMode === 'All') {
    if (count !== 0) errors.push(invalid(`${path}.count`, count, "must not be specified when allocationMode is 'All'"))
  } else if (allocationMode === 'ExactCount') {
    if (count <= 0) errors.push(invalid(`${path}.count`, count, 'must be greater than zero'))
  } else errors.push(notSupported(`${path}.allocationMode`, allocationMode, ['All', 'ExactCount']))
  return [...errors, ...tolerationErrors(tolerations, `${path}.tolerations`)]
}

function constraintErrors(constraint: DeviceConstraint, names: ReadonlySet<string>, path: string): FieldError[] {
  const { requests, matchAttribute, distinctAttribute } = constraint
  const errors = referenceListErrors(requests, names, `${path}.requests`)
  if (matchAttribute !== undefined) return [...errors, ...fullNameErrors(matchAttribute, `${path}.matchAttribute`)]
  if (distinctAttribute !== undefined) return [...errors, ...fullNameErrors(distinctAttribute, `${path}.distinctAttribute`)]
  const why = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'
  return [...errors, required(path, why)]
}

/** Also of what an allocation took over. */
export const configErrors = ({ requests, opaque }: DeviceClaimConfiguration, names: ReadonlySet<string>, path: string): FieldError[] => [
  ...referenceListErrors(requests, names, `${path}.requests`),
  ...opaqueErrors(opaque, `${path}.opaque`),
]

const referenceListErrors = (requests: readonly string[] | undefined, names: ReadonlySet<string>, path: string): FieldError[] => [
  ...listErrors(requests, most.requests, path, (name, at) => referenceErrors(name, names, at)),
  ...repeated(requests, name => name, path),
]

/** A request of the claim, or one of its alternatives. */
export function referenceErrors(name: string, names: ReadonlySet<string>, path: string): FieldError[] {
  const unknown = invalid(
    path,
    name,
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'",
  )
  const parts = name.split('/')
  if (parts.length > 2) return [unknown]
  return [...parts.flatMap(part => dnsLabel(path, part)), ...(names.has(name) ? [] : [unknown])]
}
