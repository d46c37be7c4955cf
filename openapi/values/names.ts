// Name syntaxes of the API. Each check returns the problems in upstream's words; none means valid.

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

const config = '[-._a-zA-Z0-9]+'
const labelValue = `(${qualified})?`

const whole = Object.fromEntries(
  [label, subdomain, qualified, labelValue, config].map(pattern => [pattern, new RegExp(`^(?:${pattern})$`)]),
)
const matches = (pattern: string, text: string): boolean => whole[pattern]?.test(text) === true
const bytes = (text: string): number => Buffer.byteLength(text)

/** Label syntax counts bytes, name syntax characters; both are ASCII when valid, only the word differs. */
export const maxLength = (max: number): string => `must be no more than ${max} bytes`
const maxCharacters = (max: number): string => `must be no more than ${max} characters`
/** validation.RegexError: the rule, then examples, then the pattern. */
export function patternError(message: string, pattern: string, ...examples: string[]): string {
  const shown =
    examples.length === 0
      ? ''
      : `e.g. ${examples
          .map(e => `'${e}'`)
          .join(', ')
          .replace(/', '/g, `',  or '`)}, `
  return `${message} (${shown}regex used for validation is '${pattern}')`
}

const labelMessage =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
const subdomainMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
const wildcardMessage =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
const qualifiedMessage = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

export function isDns1123Label(text: string): string[] {
  const problems = bytes(text) > 63 ? [maxCharacters(63)] : []
  if (!matches(label, text))
    problems.push(matches(subdomain, text) ? 'must not contain dots' : patternError(labelMessage, label, 'my-name', '123-abc'))
  return problems
}

export function isDns1123Subdomain(text: string): string[] {
  const problems = bytes(text) > 253 ? [maxCharacters(253)] : []
  if (!matches(subdomain, text)) problems.push(patternError(subdomainMessage, subdomain, 'example.com'))
  return problems
}

/** '*.' and a subdomain. */
export function isWildcardDns1123Subdomain(text: string): string[] {
  const wildcard = `\\*\\.${subdomain}`
  const problems = bytes(text) > 253 ? [maxCharacters(253)] : []
  if (!text.startsWith('*.') || !matches(subdomain, text.slice(2))) problems.push(patternError(wildcardMessage, wildcard, '*.example.com'))
  return problems
}

/** What may stand as one step of a path in storage. */
export function isPathSegmentName(text: string, prefix = false): string[] {
  if (!prefix && (text === '.' || text === '..')) return [`may not be '${text}'`]
  return ['/', '%'].filter(letter => text.includes(letter)).map(letter => `may not contain '${letter}'`)
}

/** A generateName may end with a dash: it is checked with the dash taken off. */
export const forPrefix =
  (check: (text: string) => string[]) =>
  (name: string, prefix: boolean): string[] =>
    check(prefix && name.endsWith('-') ? `${name.slice(0, -1)}a` : name)

export function isQualifiedName(text: string): string[] {
  const problems: string[] = []
  const parts = text.split('/')
  let name = parts[0] ?? ''
  if (parts.length === 2) {
    const [prefix = '', rest = ''] = parts
    name = rest
    if (prefix === '') problems.push('prefix part must be non-empty')
    else problems.push(...isDns1123Subdomain(prefix).map(p => `prefix part ${p.replace(/characters$/, 'bytes')}`))
  } else if (parts.length > 2) {
    return [
      `a qualified name ${patternError(qualifiedMessage, qualified, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  if (name === '') problems.push('name part must be non-empty')
  else if (bytes(name) > 63) problems.push(`name part ${maxLength(63)}`)
  if (!matches(qualified, name)) problems.push(`name part ${patternError(qualifiedMessage, qualified, 'MyName', 'my.name', '123-abc')}`)
  return problems
}

export function isLabelValue(text: string): string[] {
  const problems = bytes(text) > 63 ? [maxLength(63)] : []
  if (!matches(labelValue, text))
    problems.push(
      patternError(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        labelValue,
        'MyValue',
        'my_value',
        '12345',
      ),
    )
  return problems
}

export function isConfigMapKey(text: string): string[] {
  const problems = bytes(text) > 253 ? [maxCharacters(253)] : []
  if (!matches(config, text))
    problems.push(
      patternError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        config,
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    )
  if (text === '.') problems.push("must not be '.'")
  if (text === '..') problems.push("must not be '..'")
  else if (text.startsWith('..')) problems.push("must not start with '..'")
  return problems
}

const rfc1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const wholeRfc1035 = new RegExp(`^(?:${rfc1035})$`)
const rfc1035Message =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"

export function isDns1035Label(text: string): string[] {
  const problems = bytes(text) > 63 ? [maxCharacters(63)] : []
  if (!wholeRfc1035.test(text)) problems.push(patternError(rfc1035Message, rfc1035, 'my-name', 'abc-123'))
  return problems
}

/** With a capital as its first letter. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
