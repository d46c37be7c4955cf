// nginx: serves its web root, tells of its start as the official image does.
import type { Image } from './image.ts'

const page = `<!DOCTYPE html>
<html>
<head><title>Welcome to nginx!</title></head>
<body>
<h1>Welcome to nginx!</h1>
</body>
</html>
`

export const nginx: Image = {
  matches: name => name === 'nginx',
  files: { '/usr/share/nginx/html/index.html': page, '/etc/nginx/nginx.conf': 'user  nginx;\nworker_processes  auto;\n' },
  startLines: () => [
    '/docker-entrypoint.sh: Configuration complete; ready for start up',
    '[notice] 1#1: using the "epoll" event method',
    '[notice] 1#1: start worker processes',
    '[notice] 1#1: start worker process 29',
  ],
}
