// Volatile values become the placeholders the recordings use. What is normalised already stays as it is.

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const time = /20(2[4-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\dZ/g
const microTime = /20(2[4-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/g

export function normaliseText(text: string): string {
  return text
    .replace(uuid, '<uid>')
    .replace(microTime, '<microtime>')
    .replace(time, '<time>')
    .replace(
      /(resource ?[vV]ersion[^0-9"]{0,4}|ResourceVersion in (?:record|object meta)[ :(]+|too old resource version: |Too large resource version: |current: |\\"resourceVersion\\":\\")(\d+)/g,
      '$1<rv>',
    )
    .replace(/(too old resource version: <rv> \()\d+/, '$1<rv>')
    .replace(/(resourceVersion: ")\d+/g, '$1<rv>')
    .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<rand5>')
    .replace(/\b10\.0\.(?!77\.(?:10|3[1-3])\b|0\.0\/16)\d+\.\d+\b/g, '<clusterIP>')
}

export interface NormaliseOptions {
  /** The server's own port stands for 6443, host:port for '<server>'. */
  port?: number
  host?: string
  /** Of the request: a refusal quotes the name made of it. */
  generateName?: string
}

/** A name made of a prefix. */
const generated = (prefix: string): RegExp => new RegExp(`(${escaped(prefix.slice(0, 58))})[a-z0-9]{5}(?![\\w-])`, 'g')
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export function normalise(value: unknown, options: NormaliseOptions = {}, key = ''): unknown {
  if (typeof value === 'string') return normaliseString(value, options, key)
  if (typeof value === 'number') return normaliseNumber(value, options, key)
  if (Array.isArray(value)) return value.map(item => normalise(item, options, key))
  if (typeof value !== 'object' || value === null) return value
  const object = value as Record<string, unknown>
  if (object.kind === 'Table') return table(object, options)
  // The recordings leave the texts of columns out.
  const isColumn = 'priority' in object && 'description' in object
  const fields = Object.entries(object).filter(([name]) => !(isColumn && name === 'description'))
  const named = Object.fromEntries(fields.map(([name, v]) => [name, normalise(v, options, name)]))
  return typeof object.generateName === 'string' ? withRandom(named, object.generateName) : named
}

/** Every text that is the generated name. The recording cut other letters too where the prefix was long. */
function withRandom(value: Record<string, unknown>, prefix: string): Record<string, unknown> {
  const replaced = (v: unknown): unknown => {
    if (typeof v === 'string') return v.replace(generated(prefix), '$1<rand>')
    if (Array.isArray(v) || typeof v !== 'object' || v === null) return v
    return Object.fromEntries(Object.entries(v).map(([name, inner]) => [name, replaced(inner)]))
  }
  return replaced(value) as Record<string, unknown>
}

const isNodePort = (value: number, key: string): boolean => /^(nodePort|healthCheckNodePort)$/.test(key) && value >= 30_086

function normaliseNumber(value: number, { port }: NormaliseOptions, key: string): unknown {
  if (isNodePort(value, key)) return '<nodePort>'
  return value === port ? 6443 : value
}

const ages = new Set(['Age', 'Last Seen', 'First Seen', 'Last Schedule', 'Duration'])

function table({ columnDefinitions, rows, ...rest }: Record<string, unknown>, options: NormaliseOptions): unknown {
  const columns = columnDefinitions as { name: string; type: string }[] | null
  const looksLikeAge = (value: string) => /^\d+[smhdy](\d+[smhd])?$/.test(value)
  // A printer column of type date may be an age too.
  const isAge = (value: string, { name, type }: { name: string; type: string }) =>
    ages.has(name) || (type === 'date' && looksLikeAge(value))
  const cell = (value: unknown, index: number) => {
    if (typeof value !== 'string') return normalise(value, options)
    // Later tables of a watch name no columns, and one kind has a cell more than columns.
    const column = columns?.[index]
    if (column ? isAge(value, column) : looksLikeAge(value)) return value.replace(/^\d.*/, '<age>')
    return normaliseText(value.replace(/\(\w+ ago\)/, '(<age> ago)'))
  }
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, normalise(value, options, key)])),
    columnDefinitions: normalise(columnDefinitions, options),
    rows: (rows as { cells: unknown[] }[]).map(row => ({ ...(normalise(row, options) as object), cells: row.cells.map(cell) })),
  }
}

function normaliseString(given: string, { generateName, host }: NormaliseOptions, key: string): string {
  const text = host ? given.replaceAll(host, '<server>') : given
  if (key === 'resourceVersion' && /^[1-9]\d*$/.test(text)) return '<rv>'
  if (key === 'serverAddress') return '<server>'
  if (key === 'continue' && text !== '') return '<continue>'
  if (key === 'token' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return '<jwt>'
  return normaliseText(generateName ? text.replace(generated(generateName), '$1<rand>') : text)
}
