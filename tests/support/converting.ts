// Clusters with things.ex.example.com in versions that a webhook of the test's own converts.
import { get } from 'node:https'
import { expect, onTestFinished } from 'vitest'
import { type Rest, serveRest } from './api.ts'
import { aConvertedDefinition, type ConversionServer, serveConversion, type Thing } from './conversion.ts'
import { define, things } from './custom.ts'

export const at = (version: string) => things.replace('/v1/', `/${version}/`)
export const aThing = (version: string, name: string, spec: object, metadata: object = {}) => ({
  apiVersion: `ex.example.com/${version}`,
  kind: 'Thing',
  metadata: { name, ...metadata },
  spec,
})

export async function converting(options: Parameters<typeof aConvertedDefinition>[1] = {}, start: Parameters<typeof serveRest>[0] = {}) {
  const hook = await serveConversion()
  onTestFinished(() => hook[Symbol.asyncDispose]())
  const rest = await serveRest(start)
  onTestFinished(() => rest[Symbol.asyncDispose]())
  const { headers } = await define(rest, aConvertedDefinition(hook.client, options))
  expect(headers.warning).toBeUndefined()
  return { rest, hook }
}

/** So many events of a watch. */
export const events = (rest: Rest, path: string, count: number): Promise<{ type: string; object: Thing }[]> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${rest.cluster.adminToken}` }
    let text = ''
    const sent = get(`${rest.cluster.url}${path}`, { rejectUnauthorized: false, headers, agent: false }, response => {
      response.on('data', part => {
        text += part
        const lines = text.split('\n').slice(0, -1)
        if (lines.length < count) return
        sent.destroy()
        resolve(lines.slice(0, count).map(line => JSON.parse(line)))
      })
    })
    sent.on('error', reject)
  })

export const versionsAsked = ({ asked }: ConversionServer) => asked.map(({ desiredAPIVersion }) => desiredAPIVersion.split('/')[1])
