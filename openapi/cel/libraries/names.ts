// format.dns1123Label().validate(text) and the like: the forms that Kubernetes has names for.
import { type Environment, Optional } from '@marcbachmann/cel-js'
import { formatCheck } from '../../custom/formats.ts'
import { forPrefix, isDns1035Label, isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../values/names.ts'
import { adder, namespace, quoted } from './add.ts'

class FormatFunctions {}

class NamedFormat {
  readonly problems: (text: string) => string[]
  constructor(problems: (text: string) => string[]) {
    this.problems = problems
  }
}

const prefix = (check: (text: string) => string[]) => (text: string) => forPrefix(check)(text, true)
const fits = (format: string, problem: string) => (text: string) => (formatCheck(format)?.(text) ? [] : [problem])

function uriProblems(text: string): string[] {
  const why = (reason: string) => [`parse ${quoted(text)}: ${reason}`]
  if (text === '') return why('empty url')
  if (/[\p{Cc}]/u.test(text)) return why('net/url: invalid control character in URL')
  if (!/^([a-zA-Z][a-zA-Z0-9+.-]*:|\/)/.test(text)) return why('invalid URI for request')
  return URL.canParse(text, 'http://localhost') ? [] : why('invalid URI for request')
}

const formats = {
  dns1123Label: isDns1123Label,
  dns1123Subdomain: isDns1123Subdomain,
  dns1035Label: isDns1035Label,
  qualifiedName: isQualifiedName,
  dns1123LabelPrefix: prefix(isDns1123Label),
  dns1123SubdomainPrefix: prefix(isDns1123Subdomain),
  dns1035LabelPrefix: prefix(isDns1035Label),
  labelValue: isLabelValue,
  uri: uriProblems,
  uuid: fits('uuid', 'does not match the UUID format'),
  byte: fits('byte', 'invalid base64'),
  date: fits('date', 'invalid date'),
  datetime: fits('datetime', 'invalid datetime'),
}

const known = new Map(Object.entries(formats).map(([name, problems]) => [name, new NamedFormat(problems)]))

export function namedFormats(environment: Environment): void {
  environment.registerType('kubernetes.NamedFormat', NamedFormat)
  namespace(environment, 'format', FormatFunctions)
  const add = adder(environment)
  for (const [name, format] of known) add(`FormatFunctions.${name}(): kubernetes.NamedFormat`, () => format)
  add('FormatFunctions.named(string): optional<kubernetes.NamedFormat>', (_format: unknown, name: string) => Optional.of(known.get(name)))
  add('kubernetes.NamedFormat.validate(string): optional<list<string>>', ({ problems }: NamedFormat, text: string) => {
    const found = problems(text)
    return found.length === 0 ? Optional.none() : Optional.of(found)
  })
}
