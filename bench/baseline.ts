// What a server costs that does nothing: fastify over TLS parses each body and prints it again. Numbers are compared with it, for
// machines differ and are busy.
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
app.post('/*', request => request.body)
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) })
process.once('SIGINT', () => void app.close())
