// Connections into pods, services and nodes are writes to admission: it is asked about the options of the request before anybody is dialled.

import type { JsonSchema, Kind } from '../../../openapi/kind.ts'
import { boolean, int32, list, string } from '../../../openapi/schema.ts'
import { deepEqual } from '../../../openapi/values/equal.ts'
import type { Body } from '../../admission/chain.ts'
import type { Api } from '../api.ts'
import { type Exchange, requestContext } from '../exchange.ts'
import { flag } from '../query.ts'

const streams = {
  stdin: boolean('Whether there is standard input.'),
  stdout: boolean('Whether standard output is wanted.'),
  stderr: boolean('Whether standard error is wanted.'),
  tty: boolean('Whether they are a terminal.'),
  container: string('The container.'),
}
const path = { path: string('What is asked of the server behind.') }

/** Every field is a parameter of the address, but for the path of a proxy. */
const fields: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> = {
  PodExecOptions: { ...streams, command: list(string(''), 'The command and its arguments.') },
  PodAttachOptions: streams,
  PodPortForwardOptions: { ports: list(int32(''), 'The ports.') },
  PodProxyOptions: path,
  ServiceProxyOptions: path,
  NodeProxyOptions: path,
}

const names: Readonly<Record<string, string>> = { exec: 'Exec', attach: 'Attach', portforward: 'PortForward', proxy: 'Proxy' }

/** Throws what a webhook or a policy refuses with. A webhook that changes the options changes the request. */
export async function admitConnect(api: Api, kind: Kind, exchange: Exchange): Promise<void> {
  const { info, query } = exchange
  const body = bodyOf(`${kind.kind}${names[info.subresource]}Options`)
  const given = optionsOf(body, exchange)
  const object = { kind: body.kind, apiVersion: body.version, ...given } as never
  const request = { ...requestContext(exchange), subresource: info.subresource }
  const asked = { operation: 'CONNECT' as const, kind, body, name: info.name, object, request }
  await api.admission.admit(asked)
  await api.admission.validate(asked)
  const { kind: _kind, apiVersion: _version, ...options } = asked.object as Record<string, unknown>
  if (deepEqual(options, given) || info.subresource === 'proxy') return
  for (const name of Object.keys(fields[body.kind] ?? {})) {
    query.delete(name)
    for (const value of [options[name] ?? []].flat()) query.append(name, String(value))
  }
}

const type = { apiVersion: string('Version of this form.'), kind: string('Name of the type.') }
const bodyOf = (kind: string): Body => ({
  ...{ group: '', version: 'v1', kind },
  schema: { type: 'object', properties: { ...type, ...fields[kind] } },
})

/** What is false or empty is left out, as Go prints it. */
function optionsOf({ kind }: Body, { query, info }: Exchange): Record<string, unknown> {
  const options: Record<string, unknown> = {}
  for (const [name, { type }] of Object.entries(fields[kind] ?? {})) {
    const all = query.getAll(name)
    if (name === 'path') options.path = info.tail && `/${info.tail}`
    else if (type === 'boolean') options[name] = flag(query, name)
    else if (type === 'array') options[name] = name === 'ports' ? all.flatMap(each => each.split(',')).map(Number) : all
    else options[name] = all[0]
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value && !(Array.isArray(value) && value.length === 0)))
}
