// helm 4 keeps releases in Secrets and applies on the server's side.
import { expect, test } from 'vitest'
import { printed } from '../support/printed.ts'
import { withKubectl } from '../support/withkubectl.ts'

const chart = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 0.1.0\nappVersion: "1.0"\n',
  'chart/values.yaml': 'replicas: 1\ncolor: blue\n',
  'chart/templates/NOTES.txt': 'Release {{ .Release.Name }} colour {{ .Values.color }}.\n',
  'chart/templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-conf"}
data: {color: "{{ .Values.color }}", revision: "{{ .Release.Revision }}"}
---
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}-svc"}
spec: {selector: {app: "{{ .Release.Name }}"}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}-web"}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: c, image: nginx}]}
`,
  'chart/templates/test.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: "{{ .Release.Name }}-test"
  annotations: {"helm.sh/hook": test, "helm.sh/hook-delete-policy": before-hook-creation, "kubemock.dev/mode": complete}
spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}
`,
  'bad/Chart.yaml': 'apiVersion: v2\nname: bad\nversion: 0.1.0\n',
  'bad/templates/x.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: BAD}\nspec: {ports: [{port: 80}]}\n',
}

const deployed = (revision: number, description: string, colour: string) => `NAME: demo
LAST DEPLOYED: <TIME>
NAMESPACE: default
STATUS: deployed
REVISION: ${revision}
DESCRIPTION: ${description}
NOTES:
Release demo colour ${colour}.
`
const heads = 'REVISION\tUPDATED\tSTATUS\tCHART\tAPP VERSION\tDESCRIPTION\n'
const past = (revision: number, status: string, description: string) => `${revision}\t<TIME>\t${status}\tdemo-0.1.0\t1.0\t${description}\n`

test('a release is installed, upgraded, rolled back, tested and uninstalled', async () => {
  await using at = await withKubectl({}, chart)
  const says = async (command: string, want: string) => expect(printed(await at.ok(command)), command).toBe(want)
  const color = "kubectl get cm demo-conf -o jsonpath='{.data.color}{.data.revision}'"

  await says('helm install demo chart --wait --timeout 30s', deployed(1, 'Install complete', 'blue'))
  await says(
    'kubectl get cm,svc,deploy -l app.kubernetes.io/managed-by=Helm -o name',
    'configmap/demo-conf\nservice/demo-svc\ndeployment.apps/demo-web\n',
  )
  await says(
    "kubectl get secret -l owner=helm -o jsonpath='{range .items[*]}{.metadata.name} {.type} {.metadata.labels.status}{end}'",
    'sh.helm.release.v1.demo.v1 helm.sh/release.v1 deployed',
  )
  await says(
    'helm upgrade demo chart --set color=red --set replicas=2 --wait --timeout 30s',
    `Release "demo" has been upgraded. Happy Helming!\n${deployed(2, 'Upgrade complete', 'red')}`,
  )
  await says(color, 'red2')
  await says('helm rollback demo 1 --wait --timeout 30s', 'Rollback was a success! Happy Helming!\n')
  await says(color, 'blue1')
  await says(
    'helm history demo',
    heads + past(1, 'superseded', 'Install complete') + past(2, 'superseded', 'Upgrade complete') + past(3, 'deployed', 'Rollback to 1'),
  )
  expect(await at.ok('helm test demo')).toMatch(/TEST SUITE: +demo-test\n(.*\n)*Phase: +Succeeded\n/)
  await says('helm uninstall demo --wait', 'release "demo" uninstalled\n')
  await says('kubectl get secret,cm,deploy,rs,pod -o name', 'configmap/kube-root-ca.crt\npod/demo-test\n')
})

test('what the server refuses, helm says', async () => {
  await using at = await withKubectl({}, chart)
  await at.ok('helm install demo chart')
  expect(await at.run('helm install demo chart')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('cannot reuse a name that is still in use') as string,
  })
  const bad = await at.run('helm install bad bad')
  expect(bad.exit).toBe(1)
  expect(bad.stderr).toContain('server-side apply failed for object default/BAD /v1, Kind=Service: Service "BAD" is invalid: metadata.name')
})

test('the chart that helm creates is installed, and its own test passes', async () => {
  await using at = await withKubectl()
  await at.ok('helm create mine && helm install it mine --wait --timeout 30s')
  expect(await at.ok('helm test it --timeout 30s')).toMatch(/Phase: +Succeeded\n/)
})
