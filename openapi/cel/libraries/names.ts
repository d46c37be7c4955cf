// format.dns1123Label().validate(text) and the like: the forms that Kubernetes has names for.
import { type Environment, Optional } from '@marcbachmann/cel-js'
import { formatCheck } from '../../custom/formats.ts'
import { forPrefix, isDns1035Label, isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../values/names.ts'
import { adder, namespace, quoted } from './add.ts'

class FormatFunctions {}

class NamedFormat {
  readonly problems: (text: string) => string[]
  /** Characters of the pattern that stands for it where the cost of a check is counted. */
  readonly patternSize: number
  constructor(problems: (text: string) => string[], patternSize: number) {
    this.problems = problems
    this.patternSize = patternSize
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

/** With upstream's pattern sizes: library/format.go. */
const formats: Readonly<Record<string, [problems: (text: string) => string[], patternSize: number]>> = {
  dns1123Label: [isDns1123Label, 30],
  dns1123Subdomain: [isDns1123Subdomain, 60],
  dns1035Label: [isDns1035Label, 30],
  qualifiedName: [isQualifiedName, 60],
  dns1123LabelPrefix: [prefix(isDns1123Label), 30],
  dns1123SubdomainPrefix: [prefix(isDns1123Subdomain), 60],
  dns1035LabelPrefix: [prefix(isDns1035Label), 30],
  labelValue: [isLabelValue, 40],
  uri: [uriProblems, 1103],
  uuid: [fits('uuid', 'does not match the UUID format'), 70],
  byte: [fits('byte', 'invalid base64'), 84],
  date: [fits('date', 'invalid date'), 71],
  datetime: [fits('datetime', 'invalid datetime'), 71],
}

const known = new Map(Object.entries(formats).map(([name, [problems, patternSize]]) => [name, new NamedFormat(problems, patternSize)]))

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
