// Names of resources as limits and quotas know them, and their amounts.
import { type FieldError, invalid } from '../errors.ts'
import { isQualifiedName } from '../values/names.ts'
import { compareQuantities, parseQuantity } from '../values/quantity.ts'

const counted = [
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]
const quotaNames = new Set([
  ...counted,
  'cpu',
  'memory',
  'ephemeral-storage',
  ...['cpu', 'memory', 'storage', 'ephemeral-storage'].map(name => `requests.${name}`),
  ...['cpu', 'memory', 'ephemeral-storage'].map(name => `limits.${name}`),
])

const isHugePages = (name: string): boolean => name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')
export const isQuotaResource = (name: string): boolean => quotaNames.has(name) || isHugePages(name)
const isNative = (name: string): boolean => !name.includes('/') || name.split('/')[0]?.endsWith('kubernetes.io') === true
export const isExtendedResource = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0
/** More may be asked for than there is. */
export const mayOvercommit = (name: string): boolean => isNative(name) && !name.startsWith('hugepages-')

export function resourceNameErrors(name: string, path: string): FieldError[] {
  const wrong = isQualifiedName(name).map(why => invalid(path, name, why))
  if (wrong.length > 0 || name.includes('/') || isQuotaResource(name) || name === 'storage') return wrong
  return [invalid(path, name, 'must be a standard resource type or fully qualified')]
}

/** Not below zero, and whole where pieces are counted. */
export function amountErrors(name: string, amount: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (compareQuantities(amount, '0') < 0) errors.push(invalid(path, amount, 'must be greater than or equal to 0'))
  const whole = counted.includes(name) || isExtendedResource(name)
  if (whole && (parseQuantity(amount)?.nano ?? 0n) % 1_000_000_000n !== 0n) errors.push(invalid(path, amount, 'must be an integer'))
  return errors
}
