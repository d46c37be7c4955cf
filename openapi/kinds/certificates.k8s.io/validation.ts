// What a CertificateSigningRequest may say, on create and on each way of writing it.
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../../errors.ts'
import type { CertificateSigningRequestCondition as Condition } from '../../schemas/certificates.ts'
import { DerError, readDer } from '../../values/der.ts'
import { deepEqual } from '../../values/equal.ts'
import { isDns1123Label, isDns1123Subdomain } from '../../values/names.ts'
import { pemBlocks } from '../../values/pem.ts'
import { parseCertificateRequest } from '../../values/pkcs10.ts'
import type { CertificateSigningRequest as Request } from './certificatesigningrequest.ts'

/** In the order messages list them. */
export const keyUsages: readonly string[] = (
  'any,cert sign,client auth,code signing,content commitment,crl sign,data encipherment,decipher only,digital signature,email protection,' +
  'encipher only,ipsec end system,ipsec tunnel,ipsec user,key agreement,key encipherment,microsoft sgc,netscape sgc,ocsp signing,s/mime,' +
  'server auth,signing,timestamping'
).split(',')

const minSeconds = 600
const legacySigner = 'kubernetes.io/legacy-unknown'
const text = (base64: string | undefined | null): string => Buffer.from(base64 ?? '', 'base64').toString('latin1')

export function validate({ spec, status }: Request): FieldError[] {
  const usages = spec.usages ?? []
  const problem = requestProblem(spec.request)
  const errors = problem ? [invalid('spec.request', spec.request || null, problem)] : []
  if (usages.length === 0) errors.push(required('spec.usages'))
  for (const [index, usage] of usages.entries())
    if (!keyUsages.includes(usage)) errors.push(notSupported(`spec.usages[${index}]`, usage, keyUsages))
  for (const [index, usage] of usages.entries()) if (usages.indexOf(usage) < index) errors.push(duplicate(`spec.usages[${index}]`, usage))
  if (spec.signerName === legacySigner)
    errors.push(invalid('spec.signerName', spec.signerName, 'the legacy signerName is not allowed via this API version'))
  else errors.push(...signerNameErrors(spec.signerName ?? '', 'spec.signerName'))
  const { expirationSeconds: seconds } = spec
  if (seconds !== undefined && seconds < minSeconds)
    errors.push(invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 600 seconds (10 minutes)'))
  errors.push(...conditionErrors(status.conditions ?? []))
  const bad = certificateProblem(text(status.certificate))
  return bad ? [...errors, invalid('status.certificate', '<certificate data>', bad)] : errors
}

function requestProblem(request: string | undefined): string | undefined {
  try {
    parseCertificateRequest(text(request))
    return undefined
  } catch (error) {
    if (error instanceof DerError) return error.message
    throw error
  }
}

function signerNameErrors(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)]
  const [domain = '', rest = '', more] = name.split('/')
  if (!name.includes('/') || more !== undefined)
    return [invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
  const errors = domain.length > 253 ? [tooLong(path, 253)] : []
  const label = domain.split('.').find(part => isDns1123Label(part).length > 0)
  if (label !== undefined) errors.push(...isDns1123Label(label).map(why => invalid(path, domain, `validating label "${label}": ${why}`)))
  if (name.length > 571) errors.push(tooLong(path, 571))
  return [...errors, ...isDns1123Subdomain(rest).map(why => invalid(path, rest, why))]
}

const final = ['Approved', 'Denied', 'Failed']

function conditionErrors(conditions: readonly Condition[]): FieldError[] {
  const path = 'status.conditions'
  return conditions.flatMap(({ type, status }, index) => {
    const at = `${path}[${index}]`
    const before = conditions.slice(0, index)
    const errors = type ? [] : [required(`${at}.type`)]
    const allowed = final.includes(type) ? ['True'] : ['False', 'True', 'Unknown']
    if (!status) errors.push(required(`${at}.status`))
    else if (!allowed.includes(status)) errors.push(notSupported(`${at}.status`, status, allowed))
    const opposite = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined
    if (opposite && before.some(c => c.type === opposite))
      errors.push(invalid(path, type, 'Approved and Denied conditions are mutually exclusive'))
    if (before.some(c => c.type === type)) errors.push(duplicate(`${at}.type`, type))
    return errors
  })
}

function certificateProblem(pem: string): string | undefined {
  if (pem === '') return undefined
  const blocks = pemBlocks(pem)
  for (const { type, headers, bytes } of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`
    if (headers) return 'no PEM block headers are permitted'
    try {
      readDer(Buffer.from(bytes))
    } catch (error) {
      if (error instanceof DerError) return error.message
      throw error
    }
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined
}

/** What each way of writing may change besides what is refused everywhere. */
export type Writing = 'main' | 'status' | 'approval'

/** The parts that were fine when they were written are checked again only as far as they change. */
export function validateUpdate(next: Request, old: Request, writing: Writing): FieldError[] {
  const errors = next.spec.signerName === legacySigner ? conditionErrors(next.status.conditions ?? []) : validate(next)
  const [now, before] = [next.status.conditions ?? [], old.status.conditions ?? []]
  for (const type of final)
    if (count(now, type) < count(before, type))
      errors.push(forbidden('status.conditions', `updates may not remove a condition of type ${JSON.stringify(type)}`))
  if (writing !== 'approval') for (const type of ['Approved', 'Denied']) errors.push(...decisionErrors(type, now, before))
  if (writing !== 'status') errors.push(...certificateErrors(next.status.certificate, old.status.certificate))
  return errors
}

const count = (conditions: readonly Condition[], type: string): number => conditions.filter(c => c.type === type).length

function decisionErrors(type: string, now: readonly Condition[], before: readonly Condition[]): FieldError[] {
  const refuse = (what: string) => [forbidden('status.conditions', `updates may not ${what} a condition of type ${JSON.stringify(type)}`)]
  if (count(now, type) > count(before, type)) return refuse('add')
  const of = (conditions: readonly Condition[]) => conditions.filter(c => c.type === type)
  return count(now, type) === count(before, type) && !deepEqual(of(now), of(before)) ? refuse('modify') : []
}

function certificateErrors(now: string | undefined, before: string | undefined): FieldError[] {
  if ((now ?? '') === (before ?? '')) return []
  const what = !before ? 'set' : !now ? 'remove' : 'modify'
  return [forbidden('status.certificate', `updates may not ${what} certificate content`)]
}
