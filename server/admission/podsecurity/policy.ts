// What holds for the pods of a namespace: its labels, and the configuration where they say nothing. Pure.
import { duplicate, type FieldError, invalid } from '../../../openapi/errors.ts'
import type { PodSecurityConfiguration } from '../../../openapi/schemas/admissionconfiguration.ts'
import { isDns1123Label, isDns1123Subdomain } from '../../../openapi/values/names.ts'
import type { Level } from './checks.ts'

export interface Standard {
  level: Level
  /** 'latest' or 'v1.N'. */
  version: string
}

export type Mode = 'enforce' | 'audit' | 'warn'
export type Policy = Readonly<Record<Mode, Standard>>
export type Labels = Readonly<Record<string, string>>

const modes: readonly Mode[] = ['enforce', 'audit', 'warn']
const levels: readonly Level[] = ['privileged', 'baseline', 'restricted']
const labelOf = (mode: string): string => `pod-security.kubernetes.io/${mode}`

/** Above 0: the first is stricter. */
export const compareLevels = (a: Level, b: Level): number => levels.indexOf(a) - levels.indexOf(b)
export const textOf = ({ level, version }: Standard): string => `${level}:${version}`
export const isPrivileged = (policy: Policy, which = modes): boolean => which.every(mode => policy[mode].level === 'privileged')

const levelError = (level: string): string | undefined =>
  levels.some(known => known === level) ? undefined : `must be one of ${levels.join(', ')}`
const versionError = (version: string): string | undefined =>
  /^(latest|v1\.(0|[1-9]\d*))$/.test(version) ? undefined : 'must be "latest" or "v1.x"'

/** There is always one: a label that is wrong enforces the most, and tells of the least. */
export function policyOf(labels: Labels, defaults: Policy): Policy {
  const standard = (mode: Mode): Standard => {
    const { [labelOf(mode)]: level = defaults[mode].level, [labelOf(`${mode}-version`)]: version = defaults[mode].version } = labels
    return {
      level: levelError(level) ? (mode === 'enforce' ? 'restricted' : 'privileged') : (level as Level),
      version: versionError(version) ? 'latest' : version,
    }
  }
  const [enforce, audit, warn] = [standard('enforce'), standard('audit'), standard('warn')]
  // Without a word about warnings, what is enforced on pods is warned of in what makes them.
  const own = labels[labelOf('enforce')]
  const follows =
    own !== undefined && !levelError(own) && labels[labelOf('warn')] === undefined && compareLevels(enforce.level, warn.level) > 0
  if (!follows) return { enforce, audit, warn }
  return { enforce, audit, warn: { level: enforce.level, version: labels[labelOf('warn-version')] ? warn.version : enforce.version } }
}

export const labelErrors = (labels: Labels): FieldError[] =>
  modes.flatMap(mode =>
    (
      [
        [labelOf(mode), levelError],
        [labelOf(`${mode}-version`), versionError],
      ] as const
    ).flatMap(([label, errorOf]) => {
      const value = labels[label]
      const why = value === undefined ? undefined : errorOf(value)
      return why ? [invalid(`metadata.labels[${label}]`, value, why)] : []
    }),
  )

/** What the labels of a namespace ask for that nobody looks at; '' when that is nothing. */
export const askedFor = (labels: Labels, policy: Policy): string =>
  modes
    .filter(mode => policy[mode].level !== 'privileged' && (labelOf(mode) in labels || labelOf(`${mode}-version`) in labels))
    .map(mode => `${mode}=${textOf(policy[mode])}`)
    .join(', ')

export const isEquivalent = (a: Policy, b: Policy): boolean =>
  modes.every(mode => textOf(a[mode]) === textOf(b[mode]) || (a[mode].level === 'privileged' && b[mode].level === 'privileged'))

export const defaultsOf = ({ defaults = {} }: PodSecurityConfiguration): Policy => {
  const standard = (mode: Mode): Standard => ({
    level: (defaults[mode] || 'privileged') as Level,
    version: defaults[`${mode}-version`] || 'latest',
  })
  return { enforce: standard('enforce'), audit: standard('audit'), warn: standard('warn') }
}

export function configurationErrors(configuration: PodSecurityConfiguration): FieldError[] {
  const defaults = defaultsOf(configuration)
  const { namespaces = [], runtimeClasses = [], usernames = [] } = configuration.exemptions ?? {}
  const of = (field: string, values: readonly string[], wrong: (value: string) => string): FieldError[] =>
    values.flatMap((value, index) => {
      const at = `exemptions.${field}[${index}]`
      const why = wrong(value)
      if (why) return [invalid(at, value, why)]
      return values.indexOf(value) < index ? [duplicate(at, value)] : []
    })
  const inOrder: readonly Mode[] = ['enforce', 'warn', 'audit']
  return [
    ...inOrder.flatMap(mode => {
      const { level, version } = defaults[mode]
      const [wrongLevel, wrongVersion] = [levelError(level), versionError(version)]
      return [
        ...(wrongLevel ? [invalid(`defaults.${mode}`, level, wrongLevel)] : []),
        ...(wrongVersion ? [invalid(`defaults.${mode}-version`, version, wrongVersion)] : []),
      ]
    }),
    ...of('namespaces', namespaces, value => isDns1123Label(value).join(', ')),
    ...of('runtimeClasses', runtimeClasses, value => isDns1123Subdomain(value).join(', ')),
    ...of('usernames', usernames, value => (value === '' ? 'username must not be empty' : '')),
  ]
}
