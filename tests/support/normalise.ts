// Volatile values become the placeholders the recordings use.

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
    .replace(/(https:\/\/)127\.0\.0\.1:\d+/g, '$1<server>')
    .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<rand5>')
    .replace(/\b10\.0\.(?!77\.|0\.0\/16|0\.1\b)\d+\.\d+\b/g, '<clusterIP>')
}

export function normalise(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return normaliseString(value, key)
  if (Array.isArray(value)) return value.map(item => normalise(item, key))
  if (typeof value === 'number' && key === 'nodePort' && value >= 30_100) return '<nodePort>'
  if (typeof value !== 'object' || value === null) return value
  const object = value as Record<string, unknown>
  if (object.kind === 'Table') return table(object)
  const generated =
    typeof object.generateName === 'string' && typeof object.name === 'string' && object.name.startsWith(object.generateName)
  // The recordings leave the texts of columns out.
  const fields =
    'priority' in object && 'description' in object
      ? Object.entries(object).filter(([name]) => name !== 'description')
      : Object.entries(object)
  return Object.fromEntries(
    fields.map(([name, v]) => {
      if (generated && name === 'name') return [name, `${object.generateName}<rand>`]
      return [name, normalise(v, name)]
    }),
  )
}

const ages = new Set(['Age', 'Last Seen', 'First Seen', 'Last Schedule', 'Duration'])

function table({ columnDefinitions, rows, ...rest }: Record<string, unknown>): unknown {
  const names = (columnDefinitions as { name: string }[] | null)?.map(column => column.name)
  const cell = (value: unknown, index: number) => {
    if (typeof value !== 'string') return normalise(value)
    // Later tables of a watch name no columns.
    if (names ? ages.has(names[index] ?? '') : /^\d+[smhdy](\d+[smhd])?$/.test(value)) return value.replace(/^\d.*/, '<age>')
    return normaliseText(value.replace(/\(\w+ ago\)/, '(<age> ago)'))
  }
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, normalise(value, key)])),
    columnDefinitions: normalise(columnDefinitions),
    rows: (rows as { cells: unknown[] }[]).map(row => ({ ...(normalise(row) as object), cells: row.cells.map(cell) })),
  }
}

function normaliseString(text: string, key: string): string {
  if (key === 'resourceVersion' && /^[1-9]\d*$/.test(text)) return '<rv>'
  if (key === 'serverAddress') return '<server>'
  if (key === 'continue' && text !== '') return '<continue>'
  if (key === 'token' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return '<jwt>'
  return normaliseText(text)
}
