// nginx: serves its web root, tells of its start as the official image does.
import type { HttpAnswer, HttpRequest, Image } from './image.ts'

const page = `<!DOCTYPE html>
<html>
<head><title>Welcome to nginx!</title></head>
<body>
<h1>Welcome to nginx!</h1>
</body>
</html>
`

const webRoot = '/usr/share/nginx/html'
const types: Readonly<Record<string, string>> = {
  css: 'text/css',
  htm: 'text/html',
  html: 'text/html',
  js: 'application/javascript',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
}
const typeOf = (path: string): string => types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'

function failure(status: number, statusText: string): HttpAnswer {
  const title = `${status} ${statusText}`
  const text = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
  return reply(status, statusText, { type: 'text/html', body: Buffer.from(text) })
}

const reply = (status: number, statusText: string, { type, body }: { type: string; body: Uint8Array }): HttpAnswer => ({
  status,
  statusText,
  headers: { server: 'nginx', 'content-type': type, 'content-length': String(body.length) },
  body,
})

async function answer({ method, path }: HttpRequest, read: (path: string) => Promise<Uint8Array | undefined>): Promise<HttpAnswer> {
  if (method !== 'GET' && method !== 'HEAD') return failure(405, 'Not Allowed')
  const file = path.endsWith('/') ? `${path}index.html` : path
  const body = await read(webRoot + file)
  if (!body) return file === path ? failure(404, 'Not Found') : failure(403, 'Forbidden')
  const found = reply(200, 'OK', { type: typeOf(file), body })
  return method === 'HEAD' ? { ...found, body: new Uint8Array() } : found
}

export const nginx: Image = {
  matches: name => name === 'nginx',
  files: { '/usr/share/nginx/html/index.html': page, '/etc/nginx/nginx.conf': 'user  nginx;\nworker_processes  auto;\n' },
  http: { port: 80, answer },
  startLines: () => [
    '/docker-entrypoint.sh: Configuration complete; ready for start up',
    '[notice] 1#1: using the "epoll" event method',
    '[notice] 1#1: start worker processes',
    '[notice] 1#1: start worker process 29',
  ],
}
