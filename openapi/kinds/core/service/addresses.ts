// A Service's cluster addresses and their families: how the fields must fit together, and what may become of them.
import { duplicate, type FieldError, invalid, notSupported, required } from '../../../errors.ts'
import { ipErrors } from '../../../rules/addresses.ts'
import { isIpv6 } from '../../../values/ip.ts'
import type { Service } from './index.ts'
import { isHeadless } from './strategy.ts'

const families = ['IPv4', 'IPv6']
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']
const path = 'spec.clusterIPs'

/** Also asked before addresses are given out: then these errors come alone. */
export function validateServiceAddresses(service: Service): FieldError[] {
  const { type, clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = service.spec
  if (type === 'ExternalName') return []
  const errors = [...matchErrors(clusterIP, clusterIPs), ...familyErrors(ipFamilies)]
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy))
    errors.push(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, policies))
  const wrong = syntaxErrors(clusterIPs)
  const tooMany = clusterIPs.length > 2 ? [invalid(path, clusterIPs, 'may only hold up to 2 values')] : []
  errors.push(...wrong, ...tooMany)
  if (wrong.length > 0) return errors
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(isIpv6)).size < 2)
    errors.push(invalid(path, clusterIPs, 'may specify no more than one IP for each IP family'))
  if (isHeadless(service) || errors.length > 0) return errors
  return clusterIPs.slice(0, ipFamilies.length).flatMap((ip, index) => familyOf(ip, ipFamilies[index] ?? '', index))
}

function matchErrors(single: string | undefined, list: readonly string[]): FieldError[] {
  if (!single) return list.length > 0 ? [invalid(path, list, 'must be empty when `clusterIP` is not specified')] : []
  if (list.length === 0) return [required(path)]
  return list[0] === single ? [] : [invalid(path, list, 'first value must match `clusterIP`')]
}

const familyErrors = (given: readonly string[]): FieldError[] =>
  given.flatMap((family, index) => {
    const at = `spec.ipFamilies[${index}]`
    return [
      ...(families.includes(family) ? [] : [notSupported(at, family, families)]),
      ...(given.indexOf(family) < index ? [duplicate(at, family)] : []),
    ]
  })

const syntaxErrors = (list: readonly string[]): FieldError[] =>
  list.flatMap((ip, index) => {
    if (index > 0 || ip !== 'None') return ipErrors(`${path}[${index}]`, ip)
    return list.length > 1 ? [invalid(path, list, "'None' must be the first and only value")] : []
  })

function familyOf(ip: string, family: string, index: number): FieldError[] {
  const actual = isIpv6(ip) ? 'IPv6' : 'IPv4'
  return actual === family ? [] : [invalid(`${path}[${index}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``)]
}

/** What a single-stack IPv4 cluster cannot give. */
export function unavailableFamilies({ spec }: Service): FieldError[] {
  const errors = (spec.ipFamilies ?? []).flatMap((family, index) =>
    family === 'IPv4' ? [] : [invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')],
  )
  if (spec.ipFamilyPolicy === 'RequireDualStack')
    errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'))
  return errors
}

/** The first address stays as long as there is one. */
export function addressChangeErrors(next: Service, old: Service): FieldError[] {
  if (next.spec.type === 'ExternalName' || old.spec.type === 'ExternalName') return []
  if (isHeadless(next) && isHeadless(old)) return []
  const [now, before] = [next.spec.clusterIPs ?? [], old.spec.clusterIPs ?? []]
  if (before.length > 0 && now.length === 0) return [invalid(`${path}[0]`, now, 'primary clusterIP can not be unset')]
  return before
    .slice(0, now.length === before.length ? before.length : 1)
    .flatMap((ip, index) => (now[index] === ip ? [] : [invalid(`${path}[${index}]`, now, 'may not change once set')]))
}
