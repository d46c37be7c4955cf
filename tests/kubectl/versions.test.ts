// Older kubectls speak with the server too. KUBEMOCK_KUBECTLS names a directory with one directory for each, in which `kubectl` (and perhaps
// `helm`) lies; without it there is nothing to try.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withKubectl } from '../support/withkubectl.ts'

const directory = process.env.KUBEMOCK_KUBECTLS ?? ''
const versions = directory ? readdirSync(directory).filter(name => existsSync(join(directory, name, 'kubectl'))) : []

const commands: readonly (readonly [command: string, says: RegExp])[] = [
  ['kubectl version', /Server Version: .*v1\.36\.3/],
  ['kubectl get nodes', /node-0 +Ready/],
  ['kubectl api-resources', /statefulsets +sts +apps\/v1/],
  ['kubectl explain sts.spec.updateStrategy', /rollingUpdate/],
  ['kubectl create deployment web --image nginx --replicas 2', /created/],
  ['kubectl rollout status deploy/web', /successfully rolled out/],
  ['kubectl get pods -o wide', /web-\S+ +1\/1 +Running/],
  ['kubectl describe deploy web', /2 desired \| 2 updated/],
  ['kubectl expose deploy web --port 80', /exposed/],
  ['kubectl apply -f cm.yaml', /configmap\/c created/],
  ['kubectl apply -f cm.yaml', /configmap\/c unchanged/],
  ['kubectl apply --server-side --force-conflicts -f cm.yaml', /serverside-applied/],
  ['kubectl diff -f cm.yaml', /^$/],
  ['kubectl exec deploy/web -- echo hello', /hello/],
  ['kubectl logs deploy/web --tail 1', /./],
  ['kubectl scale deploy web --replicas 1', /scaled/],
  ['kubectl autoscale deploy web --max 3', /autoscaled/],
  ['kubectl create job once --image busybox -- true', /created/],
  ['kubectl wait --for condition=complete job/once --timeout 20s', /condition met/],
  ['kubectl create role reader --verb get --resource pods', /created/],
  ['kubectl auth can-i create pods', /yes/],
  ['kubectl label pod -l app=web tier=front', /labeled/],
  ['kubectl set image deploy/web nginx=nginx:1.29', /updated/],
  ['kubectl rollout undo deploy/web', /rolled back/],
  ['kubectl get events', /Scheduled/],
  ['kubectl cordon node-1', /cordoned/],
  ['kubectl get all', /service\/web/],
  ['kubectl delete deploy,svc,job,hpa --all', /deleted/],
]

describe.skipIf(versions.length === 0)('other kubectls', () => {
  test.each(versions)('%s', { timeout: 120_000 }, async version => {
    await using at = await withKubectl({}, { 'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n' })
    const home = join(at.directory, 'home')
    mkdirSync(home)
    for (const [command, says] of commands)
      expect(await at.ok(`export HOME=${home} PATH=${join(directory, version)}:$PATH; ${command}`), command).toMatch(says)
  })
})
