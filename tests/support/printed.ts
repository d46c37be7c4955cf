// What kubectl printed, without what differs from run to run. Rules as recorded beside the transcripts.
import { readFileSync } from 'node:fs'

const { rules } = JSON.parse(readFileSync(new URL('normalise.json', import.meta.url), 'utf8')) as {
  rules: { pattern: string; replace: string }[]
}
const patterns = [
  ...rules.map(({ pattern, replace }) => ({ pattern: new RegExp(pattern, 'gm'), replace })),
  // The simulated nodes have addresses of their own.
  { pattern: /\b10\.128\.0\.\d+\b/g, replace: '<NODE-IP>' },
]

const squeeze = (text: string): string =>
  text
    .split('\n')
    .map(line =>
      line
        .replace(/ *\t *(?=\S)/g, '\t')
        .replace(/(?<=\S) {2,}/g, '   ')
        .replace(/[ \t]+$/, ''),
    )
    .join('\n')

export const printed = (text: string): string =>
  squeeze(patterns.reduce((result, { pattern, replace }) => result.replace(pattern, replace), squeeze(text)))
