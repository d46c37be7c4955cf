// What kubectl printed, without what differs from run to run. Rules as recorded beside the transcripts.
import { readFileSync } from 'node:fs'

const { rules } = JSON.parse(readFileSync(new URL('normalise.json', import.meta.url), 'utf8')) as {
  rules: { pattern: string; replace: string }[]
}
const patterns = [
  ...rules.map(({ pattern, replace }) => ({ pattern: new RegExp(pattern, 'gm'), replace })),
  // The simulated nodes have addresses of their own.
  { pattern: /\b10\.128\.0\.\d+\b/g, replace: '<NODE-IP>' },
  { pattern: /(\b\d+):3\d{4}\/(TCP|UDP)/g, replace: '$1:<NODE-PORT>/$2' },
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

/** The recordings' nodes were stand-ins: no container ids, no image ids, and no kubelet's events. */
export const withoutKubelet = (text: string): string =>
  text
    .replace(/^( *Container ID:).*$/gm, '$1')
    .replace(/^( *imageID: )\w+:\/\//gm, '$1<RUNTIME>://')
    .replace(/^( *)- containerID: .*\n\1 {2}/gm, '$1- ')
    .replace(/^( *Image ID:.*?)\w+:\/\//gm, '$1<RUNTIME>://')
    .replace(/^.* kubelet(, \S+)? {3}.*\n/gm, '')
    .replace(/^<AGE> {3}\w+ {3}(Pulling|Pulled|Created|Started|Killing) {3}.*\n/gm, '')
