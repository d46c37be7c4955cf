// Prometheus' text format, and the one thing in it that is more than a number: histograms.

export type Labels = Readonly<Record<string, string>>

export interface Family {
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  /** How long the name will stay, as upstream promises it. */
  stability?: 'ALPHA' | 'BETA' | 'STABLE'
  help: string
  samples: Iterable<readonly [labels: Labels, value: number | Histogram]>
}

export type Samples = Family['samples']

export const family = (
  name: string,
  type: Family['type'],
  ...[stability, help, samples]: [stability: Family['stability'], help: string, samples: Samples]
): Family => ({ name, type, stability, help, samples })

export class Histogram {
  readonly bounds: readonly number[]
  readonly #counts: number[]
  #count = 0
  #sum = 0

  /** Upper bounds, rising. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  observe(value: number, times = 1): void {
    this.#count += times
    this.#sum += value * times
    const at = this.bounds.findIndex(bound => value <= bound)
    if (at >= 0) this.#counts[at] = (this.#counts[at] ?? 0) + times
  }

  /** Nothing was seen. */
  get empty(): boolean {
    return this.#count === 0
  }

  /** Takes over what the other has seen; their bounds are the same. */
  add(other: Histogram): void {
    this.#count += other.#count
    this.#sum += other.#sum
    for (const [at, count] of other.#counts.entries()) this.#counts[at] = (this.#counts[at] ?? 0) + count
  }

  /** `name_bucket{…} N` and the like. */
  lines(name: string, labels: Labels): string[] {
    let below = 0
    const buckets = this.#counts.map((count, at) => {
      below += count
      return `${name}_bucket${printed({ ...labels, le: String(this.bounds[at]) })} ${below}`
    })
    return [
      ...buckets,
      `${name}_bucket${printed({ ...labels, le: '+Inf' })} ${this.#count}`,
      `${name}_sum${printed(labels)} ${this.#sum}`,
      `${name}_count${printed(labels)} ${this.#count}`,
    ]
  }
}

/** Sorted by name; families without samples are left out, as upstream does with those that were never used. */
export function exposition(families: readonly Family[]): string {
  const lines: string[] = []
  for (const { name, type, stability, help, samples } of families.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const body: string[] = []
    for (const [labels, value] of samples)
      body.push(...(typeof value === 'number' ? [`${name}${printed(labels)} ${value}`] : value.lines(name, labels)))
    if (body.length > 0) lines.push(`# HELP ${name} ${stability ? `[${stability}] ` : ''}${help}`, `# TYPE ${name} ${type}`, ...body)
  }
  return `${lines.join('\n')}\n`
}

function printed(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}
