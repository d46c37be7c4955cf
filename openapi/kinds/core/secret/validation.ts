// What a Secret must hold: keys as in ConfigMaps, and what its type promises.
import { type FieldError, invalid, required, tooLong } from '../../../errors.ts'
import { decodeBase64, decodedLength } from '../../../values/base64.ts'
import { JsonError, parseJson } from '../../../values/json.ts'
import { isConfigMapKey } from '../../../values/names.ts'
import { maxDataBytes } from '../configuration.ts'
import { problems } from '../pod/validation/fields.ts'
import type { Secret } from './index.ts'

const accountName = 'kubernetes.io/service-account.name'

export function validateSecret(secret: Secret): FieldError[] {
  const data = secret.data ?? {}
  const errors = Object.keys(data).flatMap(key => problems(`data[${key}]`, key, isConfigMapKey))
  const size = Object.values(data).reduce((sum, value) => sum + decodedLength(value), 0)
  if (size > maxDataBytes) errors.push(tooLong('data', maxDataBytes))
  return [...errors, ...typeErrors(secret, data)]
}

type Data = Readonly<Record<string, string>>

function typeErrors({ type, metadata }: Secret, data: Data): FieldError[] {
  switch (type) {
    case 'kubernetes.io/service-account-token':
      return metadata.annotations?.[accountName] ? [] : [required(`metadata.annotations[${accountName}]`)]
    case 'kubernetes.io/dockercfg':
      return jsonErrors(data, '.dockercfg')
    case 'kubernetes.io/dockerconfigjson':
      return jsonErrors(data, '.dockerconfigjson')
    case 'kubernetes.io/basic-auth':
      return 'username' in data || 'password' in data ? [] : missing(data, ['username', 'password'])
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required('data[ssh-privatekey]')]
    case 'kubernetes.io/tls':
      return missing(data, ['tls.crt', 'tls.key'])
    default:
      return []
  }
}

const missing = (data: Data, keys: readonly string[]): FieldError[] =>
  keys.filter(key => !(key in data)).map(key => required(`data[${key}]`))

function jsonErrors(data: Data, key: string): FieldError[] {
  const path = `data[${key}]`
  const value = data[key]
  if (value === undefined) return [required(path)]
  const hidden = '<secret contents redacted>'
  try {
    const { value: parsed } = parseJson(decodeBase64(value))
    if (typeof parsed === 'object' && !Array.isArray(parsed)) return []
    const found = Array.isArray(parsed) ? 'array' : typeof parsed === 'boolean' ? 'bool' : typeof parsed
    return [invalid(path, hidden, `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`)]
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    return [invalid(path, hidden, error.message)]
  }
}

/** The first thing that keeps a certificate from being read. Whether key and certificate fit each other is not looked at. */
export function certificateWarnings({ type, data = {} }: Secret): string[] {
  if (type !== 'kubernetes.io/tls') return []
  const certificate = blockTypes(data['tls.crt'])
  if (!certificate.includes('CERTIFICATE')) return [noBlock('certificate', certificate, '"CERTIFICATE" PEM block')]
  const key = blockTypes(data['tls.key'])
  const isKey = (block: string) => block === 'PRIVATE KEY' || block.endsWith(' PRIVATE KEY')
  return key.some(isKey) ? [] : [noBlock('key', key, 'PEM block with type ending in "PRIVATE KEY"')]
}

function noBlock(input: string, skipped: readonly string[], wanted: string): string {
  if (skipped.length === 0) return `tls: failed to find any PEM data in ${input} input`
  return `tls: failed to find ${wanted} in ${input} input after skipping PEM blocks of the following types: [${skipped.join(' ')}]`
}

const blockTypes = (value = ''): string[] =>
  [...decodeBase64(value).matchAll(/^-----BEGIN ([^\n-]+)-----\n[^-]*^-----END \1-----$/gm)].map(match => match[1] ?? '')
