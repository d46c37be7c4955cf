// AlwaysPullImages: whoever runs an image must be able to pull it, also where a node has it already.
import { notSupported } from '../../openapi/errors.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { type AdmissionPlugin, type AdmissionRequest, refused } from './chain.ts'

type Container = Pod['spec']['containers'][number]

const containersOf = ({ spec }: Pod): (readonly [path: string, container: Container])[] =>
  (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap(list =>
    ((spec[list] ?? []) as Container[]).map((container, index) => [`spec.${list}[${index}]`, container] as const),
  )

/** Updates only count when they bring an image. */
function counts({ operation, object, old, request }: AdmissionRequest): boolean {
  if (operation === 'DELETE' || request.subresource) return false
  if (!old) return true
  const before = containersOf(old as Pod).map(([, { image }]) => image)
  return containersOf(object as Pod).some(([, { image }]) => !before.includes(image))
}

export const alwaysPullImages: AdmissionPlugin = {
  name: 'AlwaysPullImages',
  kinds: ['Pod'],
  admit(request) {
    if (!counts(request)) return
    const pod = request.object as Pod
    for (const [, container] of containersOf(pod)) container.imagePullPolicy = 'Always'
    for (const { image } of pod.spec.volumes ?? []) if (image) image.pullPolicy = 'Always'
  },
  validate(request) {
    const wrong = counts(request) ? containersOf(request.object as Pod).filter(([, c]) => c.imagePullPolicy !== 'Always') : []
    const errors = wrong.map(([path, { imagePullPolicy }]) => {
      const { field, message } = notSupported(`${path}.imagePullPolicy`, imagePullPolicy ?? '', ['Always'])
      return refused(request, `${field}: ${message}`)
    })
    if (errors[0]) throw errors[0]
  },
}
