// What a server costs that does nothing: fastify over TLS parses each body and prints it again, also to all who watch. Numbers are
// compared with it, for machines differ and are busy.
import type { ServerResponse } from 'node:http'
import Fastify from 'fastify'
import { loadSecrets, serverCertificate } from '../server/auth/state.ts'

const now = new Date()
const secrets = loadSecrets('', now)
const { key, certificate } = serverCertificate(secrets, ['127.0.0.1'], now)
const app = Fastify({ https: { key, cert: certificate, requestCert: true, rejectUnauthorized: false }, forceCloseConnections: true })
app.get('/readyz', () => 'ok')
app.get('/metrics', () => {
  const { user, system } = process.cpuUsage()
  return `process_cpu_seconds_total ${(user + system) / 1e6}\nprocess_resident_memory_bytes ${process.memoryUsage.rss()}\n`
})
const watchers = new Set<ServerResponse>()
app.get('/watch', (_request, reply) => {
  const { raw } = reply.hijack()
  watchers.add(raw)
  raw.once('close', () => watchers.delete(raw))
  raw.writeHead(200).write('{}\n')
})
app.post('/*', ({ body }) => {
  const line = watchers.size > 0 ? Buffer.from(`${JSON.stringify(body)}\n`) : undefined
  for (const watcher of watchers) watcher.write(line)
  return body
})
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) })
process.once('SIGINT', () => void app.close())
