// What containers see in their volumes, and whose files survive what.
import { describe, expect, test } from 'vitest'
import { type WithKubectl, withKubectl } from '../support/withkubectl.ts'

const set = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: disks, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: disks.example.com
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 2
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: main
        image: nginx
        volumeMounts: [{name: data, mountPath: /data}, {name: scratch, mountPath: /scratch}]
      volumes: [{name: scratch, emptyDir: {}}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`

const pod = `apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {color: blue, app.conf: "listen 80"}
binaryData: {bytes: AAH/}
---
apiVersion: v1
kind: Secret
metadata: {name: hidden}
stringData: {password: s3cret}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {tier: front, app: web}}
spec:
  containers:
  - name: one
    image: nginx
    env: [{name: WHO, value: one}]
    resources: {limits: {cpu: 500m}}
    volumeMounts:
    - {name: conf, mountPath: /conf}
    - {name: conf, mountPath: /etc/app.conf, subPath: app.conf}
    - {name: hidden, mountPath: /hidden}
    - {name: down, mountPath: /down}
    - {name: all, mountPath: /all}
    - {name: scratch, mountPath: /whole}
    - {name: scratch, mountPath: /part, subPath: some/part}
    - {name: scratch, mountPath: /own, subPathExpr: of/$(WHO)}
    - {name: scratch, mountPath: /fixed, readOnly: true}
    - {name: conf, mountPath: /whole/inner}
  - name: two
    image: nginx
    volumeMounts: [{name: scratch, mountPath: /shared}]
  volumes:
  - {name: conf, configMap: {name: conf}}
  - {name: hidden, secret: {secretName: hidden, items: [{key: password, path: deep/word}]}}
  - name: down
    downwardAPI:
      items:
      - {path: labels, fieldRef: {fieldPath: metadata.labels}}
      - {path: cpu, resourceFieldRef: {containerName: one, resource: limits.cpu, divisor: 1m}}
      - {path: memory, resourceFieldRef: {containerName: one, resource: limits.memory, divisor: 1Gi}}
  - name: all
    projected:
      sources:
      - {configMap: {name: conf, items: [{key: color, path: color}]}}
      - {secret: {name: hidden}}
      - {downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}
      - {serviceAccountToken: {path: token, audience: vault, expirationSeconds: 1200}}
  - {name: scratch, emptyDir: {}}
`

/** Standard output of a line of shell in a container. */
const inside = (at: WithKubectl, target: string, line: string) =>
  at.ok(`kubectl exec ${target} -- sh -c "$LINE"`.replace('"$LINE"', quoted(line)))
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

describe("a StatefulSet's volume", () => {
  test('has what the deleted pod wrote; emptyDir and the container itself begin anew', async () => {
    await using at = await withKubectl({}, { 'set.yml': set })
    await at.ok('kubectl apply -f set.yml && kubectl rollout status sts/db')
    await inside(at, 'db-0', 'echo kept > /data/file; echo lost > /scratch/file; echo lost > /tmp/file')
    await inside(at, 'db-1', 'echo other > /data/file')
    const uid = await at.ok("kubectl get pod db-0 -o jsonpath='{.metadata.uid}'")
    await at.ok('kubectl delete pod db-0 && kubectl rollout status sts/db')
    expect(await at.ok("kubectl get pod db-0 -o jsonpath='{.metadata.uid}'")).not.toBe(uid)
    expect(await inside(at, 'db-0', 'cat /data/file; ls -A /scratch /tmp')).toBe('kept\n/scratch:\n\n/tmp:\n')
    expect(await inside(at, 'db-1', 'cat /data/file')).toBe('other\n')
  })

  test('follows its claim to another node when the first is lost and the pod was forced away', async () => {
    await using at = await withKubectl({ pausedAt: new Date('2026-01-01T00:00:00Z') }, { 'set.yml': set })
    const node = () => at.ok("kubectl get pod db-0 -o jsonpath='{.spec.nodeName}'")
    await at.ok('kubectl apply -f set.yml')
    await at.cluster.settle()
    await inside(at, 'db-0', 'echo kept > /data/file')
    const lost = await node()
    await at.cluster.simulator.failNode(lost)
    const cut = await at.run('kubectl exec db-0 -- cat /data/file')
    expect(cut).toMatchObject({ exit: 1, stderr: expect.stringMatching(/error sending request: .*no route to host/) as string })
    await at.cluster.clock.advance(7 * 60_000)
    expect(await at.ok('kubectl get pod db-0 --no-headers')).toMatch(/^db-0 +1\/1 +Terminating/)
    await at.ok('kubectl delete pod db-0 --force --grace-period=0')
    // The volume can be attached elsewhere once the node is known not to use it.
    await at.cluster.clock.advance(7 * 60_000)
    expect(await node()).not.toBe(lost)
    expect(await inside(at, 'db-0', 'cat /data/file')).toBe('kept\n')
  })

  test('is gone with its claim', async () => {
    await using at = await withKubectl({}, { 'set.yml': set })
    await at.ok('kubectl apply -f set.yml && kubectl rollout status sts/db')
    await inside(at, 'db-0', 'echo kept > /data/file')
    await at.ok('kubectl delete sts db && kubectl delete pvc --all && kubectl wait pv --all --for=delete')
    await at.ok('kubectl apply -f set.yml && kubectl rollout status sts/db')
    expect(await inside(at, 'db-0', 'ls -A /data')).toBe('')
  })
})

describe("a pod's volumes", () => {
  test('hold the files of objects, and follow them unless they are mounted in part', async () => {
    await using at = await withKubectl({}, { 'pod.yml': pod })
    await at.ok('kubectl apply -f pod.yml && kubectl wait --for=condition=Ready pod/web')
    const read = (line: string) => inside(at, 'web -c one', line)
    expect(await read('ls /conf; cat /conf/color; base64 /conf/bytes')).toBe('app.conf\nbytes\ncolor\nblueAAH/\n')
    expect(await read('cat /etc/app.conf')).toBe('listen 80')
    expect(await read('ls -R /hidden; cat /hidden/deep/word')).toBe('/hidden:\ndeep\n\n/hidden/deep:\nword\ns3cret')
    expect(await read('cat /down/labels; echo; cat /down/cpu; echo; cat /down/memory')).toMatch(/^app="web"\ntier="front"\n.*500\n256$/s)
    expect(await read('ls /all; cat /all/color /all/password /all/name')).toBe('color\nname\npassword\ntoken\nblues3cretweb')
    const claims = JSON.parse(Buffer.from((await read('cat /all/token')).split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      number
    >
    expect(claims).toMatchObject({
      aud: ['vault'],
      sub: 'system:serviceaccount:default:default',
      'kubernetes.io': { pod: { name: 'web' } },
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(1200)
    const own = '/var/run/secrets/kubernetes.io/serviceaccount'
    expect(await read(`ls ${own}; cat ${own}/namespace; head -1 ${own}/ca.crt`)).toBe(
      'ca.crt\nnamespace\ntoken\ndefault-----BEGIN CERTIFICATE-----\n',
    )

    await at.ok(`kubectl patch configmap conf -p '{"data":{"color":"red","app.conf":"listen 81"}}'`)
    expect(await read('cat /conf/color /all/color /conf/app.conf /etc/app.conf')).toBe('redredlisten 81listen 80')
  })

  test('are shared by its containers, in whole, in part and inside each other', async () => {
    await using at = await withKubectl({}, { 'pod.yml': pod })
    await at.ok('kubectl apply -f pod.yml && kubectl wait --for=condition=Ready pod/web')
    const read = (line: string) => inside(at, 'web -c one', line)
    await read('echo 1 > /whole/a; echo 2 > /part/b; echo 3 > /own/c; cp /part/b /part/d; mv /part/d /part/e')
    expect(await inside(at, 'web -c two', 'cd /shared; cat a some/part/b of/one/c some/part/e; ls some/part')).toBe('1\n2\n3\n2\nb\ne\n')
    expect(await read('cat /fixed/a /fixed/of/one/c /whole/inner/color; ls /part')).toBe('1\n3\nblueb\ne\n')
  })

  test('refuse writes where they are mounted read-only, as a shell says it', async () => {
    await using at = await withKubectl({}, { 'pod.yml': pod })
    await at.ok('kubectl apply -f pod.yml && kubectl wait --for=condition=Ready pod/web')
    const refused: [line: string, says: string][] = [
      ['echo x > /fixed/x', 'bash: /fixed/x: Read-only file system'],
      ['echo x >> /conf/color', 'bash: /conf/color: Read-only file system'],
      ['echo x > /etc/app.conf', 'bash: /etc/app.conf: Read-only file system'],
      ['touch /hidden/x', "touch: cannot touch '/hidden/x': Read-only file system"],
      ['mkdir /down/x', "mkdir: cannot create directory '/down/x': Read-only file system"],
      ['rm /all/token', "rm: cannot remove '/all/token': Read-only file system"],
    ]
    for (const [line, says] of refused) {
      const { exit, stderr } = await at.run(`kubectl exec web -c one -- bash -c ${quoted(line)}`)
      expect({ exit, stderr }, line).toEqual({ exit: 1, stderr: `${says}\ncommand terminated with exit code 1\n` })
    }
  })
})

describe('an ephemeral volume', () => {
  const template = {
    metadata: { labels: { of: 'scratch' } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }
  const spec = {
    containers: [{ name: 'main', image: 'nginx', volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] }],
    volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: template } }],
  }
  const tmp = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tmp' }, spec })
  const claim = JSON.stringify({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'tmp-scratch' }, spec: template.spec })
  const files = { 'set.yml': set.slice(0, set.indexOf('---')), 'tmp.json': tmp, 'claim.json': claim }

  test('gets a claim that comes and goes with its pod', async () => {
    await using at = await withKubectl({}, files)
    await at.ok('kubectl apply -f set.yml -f tmp.json && kubectl wait --for=condition=Ready pod/tmp')
    expect(await inside(at, 'tmp', 'echo here > /scratch/file; cat /scratch/file')).toBe('here\n')
    const shown = '{.status.phase} {.metadata.labels.of} {.metadata.ownerReferences[0].name}'
    expect(await at.ok(`kubectl get pvc tmp-scratch -o jsonpath='${shown}'`)).toBe('Bound scratch tmp')
    await at.ok('kubectl delete pod tmp && kubectl wait --for=delete pvc/tmp-scratch')
    expect(await at.ok('kubectl get pvc,pv -o name')).toBe('')
  })

  test('does not take the claim of another', async () => {
    await using at = await withKubectl({}, files)
    await at.ok('kubectl apply -f set.yml -f claim.json -f tmp.json')
    await at.cluster.settle()
    const why = 'PVC "default/tmp-scratch" was not created for pod "default/tmp" (pod is not owner)'
    const events = await at.ok(`kubectl events --for pod/tmp -o jsonpath='{range .items[*]}{.reason}: {.message}{"\\n"}{end}'`)
    expect(events).toContain(`FailedBinding: ephemeral volume scratch: ${why}\n`)
    expect(events).toContain(`FailedScheduling: 0/3 nodes are available: ${why}.`)
    expect(await at.ok('kubectl get pod tmp --no-headers')).toMatch(/^tmp +0\/1 +Pending /)
  })
})
