// RuntimeClass: a pod may name only classes that are there. The kind comes later, so none is.
import { forbiddenRequest } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { AdmissionPlugin } from './chain.ts'

export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  admit({ operation, kind, object }) {
    if (operation !== 'CREATE' || kind.kind !== 'Pod' || kind.group !== '') return
    const { metadata, spec } = object as Pod
    const rejected = (why: string) => forbiddenRequest(podKind, metadata.name ?? '', `pod rejected: ${why}`)
    if (spec.runtimeClassName) throw rejected(`RuntimeClass ${JSON.stringify(spec.runtimeClassName)} not found`)
    if (spec.overhead) throw rejected('Pod Overhead set without corresponding RuntimeClass defined Overhead')
  },
}
