// curl from one container to another: by Service, by a pod's name, by address; and nobody there.
import { expect, test } from 'vitest'
import { withKubectl } from '../support/withkubectl.ts'

const objects = `apiVersion: v1
kind: Pod
metadata: {name: web-0, labels: {app: web}}
spec: {hostname: web-0, subdomain: sites, containers: [{name: app, image: nginx, ports: [{name: web, containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client}
spec: {containers: [{name: app, image: curl}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 8080, targetPort: web}]}
---
apiVersion: v1
kind: Service
metadata: {name: sites}
spec: {clusterIP: None, selector: {app: web}}
`

test('requests go to containers that listen, whatever they are called by', async () => {
  await using world = await withKubectl({ nodes: 1 })
  await world.ok('kubectl apply -f -', objects)
  await world.cluster.settle()
  const inside = (script: string) => world.run(`kubectl exec client -- sh -c '${script}'`)
  const says = async (script: string) => (await inside(script)).stdout
  expect(await says('curl -s web:8080 | grep title')).toBe('<head><title>Welcome to nginx!</title></head>\n')
  await world.ok(`kubectl exec web-0 -- sh -c 'echo mine > /usr/share/nginx/html/own.txt'`)
  expect(await says('curl -s http://web-0.sites/own.txt')).toBe('mine\n')
  expect(await says('curl -s -o /dev/null -w %{http_code} http://web-0.sites/nothing')).toBe('404')
  const address = await world.ok(`kubectl get pod web-0 -o jsonpath='{.status.podIP}'`)
  expect(await says(`curl -s -I ${address} | head -1`)).toMatch(/^HTTP\/1\.1 200 OK/)
  expect((await inside('curl -sS nobody')).stderr).toContain('curl: (6) Could not resolve host: nobody')
  expect((await inside(`curl -sS ${address}:81`)).stderr).toContain('curl: (7) Failed to connect to')
  expect(await says('wget -qO- web:8080 | grep title')).toBe('<head><title>Welcome to nginx!</title></head>\n')
  expect(await says('cd /tmp && wget http://web-0.sites/own.txt 2>&1 && cat own.txt')).toMatch(
    /saving to 'own.txt'\n'own.txt' saved\nmine\n$/,
  )
  expect(await inside('wget --spider web-0.sites/nothing')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('404 Not Found') as string,
  })
  expect((await inside('wget -q nobody')).stderr).toContain("wget: bad address 'nobody'")
})
