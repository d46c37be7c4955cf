// Which controllers run: kube-controller-manager's --controllers, with its names and the older short ones.
import type { Controller } from './runtime/controller.ts'

/** kube-controller-manager's names where ours follow the component that Events name. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'bootstrap-signer': ['bootstrap-signer-controller', 'bootstrapsigner'],
  'endpoint-controller': ['endpoints-controller'],
  'endpoint-slice-controller': ['endpointslice-controller', 'endpointslice'],
  'garbage-collector-controller': ['garbagecollector'],
  'horizontal-pod-autoscaler': ['horizontal-pod-autoscaler-controller', 'horizontalpodautoscaling'],
  'node-controller': ['node-lifecycle-controller', 'nodelifecycle'],
  'persistentvolume-controller': ['persistentvolume-binder-controller', 'persistentvolume-binder'],
  'pod-garbage-collector': ['pod-garbage-collector-controller', 'podgc'],
  'pv-protection-controller': ['persistentvolume-protection-controller'],
  'pvc-protection-controller': ['persistentvolumeclaim-protection-controller'],
  'root-ca-cert-publisher': ['root-ca-certificate-publisher-controller'],
  'token-cleaner': ['bootstrap-token-cleaner-controller', 'bootstrap-token-cleaner', 'tokencleaner'],
  'ttl-after-finished-controller': ['ttlafterfinished'],
}

const namesOf = ({ name }: Controller): string[] => [name, name.replace(/-controller$/, ''), ...(aliases[name] ?? [])]

/** `wanted`: names, '-name' for all but one, '*' for all that are not named, but for those that run only when they are. */
export function choose(all: readonly Controller[], wanted: string): { chosen: Controller[]; unknown: string[] } {
  const words = wanted
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')
  const has = (controller: Controller, sign: string) => namesOf(controller).some(name => words.includes(sign + name))
  return {
    chosen: all.filter(controller => has(controller, '') || (words.includes('*') && !controller.onlyByName && !has(controller, '-'))),
    unknown: words.filter(word => word !== '*' && !all.some(controller => namesOf(controller).includes(word.replace(/^-/, '')))),
  }
}
