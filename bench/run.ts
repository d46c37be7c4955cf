// npm run bench [-- --quick] [--json FILE] [NAME…]: runs the measurements, or those named, and prints a table.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Effort, Measure, Row } from './measure.ts'
import { deployment, statefulSet } from './measures/controllers.ts'
import { list } from './measures/list.ts'
import { requests } from './measures/requests.ts'
import { scale } from './measures/scale.ts'
import { start } from './measures/start.ts'
import { watch } from './measures/watch.ts'

const measures: Readonly<Record<string, Measure>> = { start, requests, scale, watch, list, statefulSet, deployment }

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  allowPositionals: true,
})
for (const name of positionals) if (!measures[name]) throw new Error(`no measurement ${name}: ${Object.keys(measures).join(', ')}`)
const effort: Effort = values.quick ? { quick: true, rounds: 2, requests: 300 } : { quick: false, rounds: 5, requests: 1500 }

const rows: Row[] = []
for (const name of positionals.length > 0 ? positionals : Object.keys(measures))
  for await (const row of (measures[name] as Measure)(effort)) {
    rows.push(row)
    console.log(line(row))
  }
if (values.json)
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, quick: values.quick, rows }, null, 2)}\n`)

function line({ name, value, unit, target, ratio }: Row): string {
  const columns = [name.padEnd(48), `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`.padStart(10)]
  columns.push((ratio ? `${ratio.toFixed(2)} × base` : '').padStart(14))
  // A quick run is not warm.
  if (target && !effort.quick) columns.push(`  ${value <= target ? 'within' : 'ABOVE'} ${target} ${unit}`)
  return columns.join('').trimEnd()
}
