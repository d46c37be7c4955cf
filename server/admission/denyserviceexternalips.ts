// DenyServiceExternalIPs: Services get no external addresses; they may lose those they have.
import type { Service } from '../../openapi/kinds/core/service/index.ts'
import { type AdmissionPlugin, refused } from './chain.ts'

export const denyServiceExternalIPs: AdmissionPlugin = {
  name: 'DenyServiceExternalIPs',
  kinds: ['Service'],
  validate(request) {
    if (request.operation === 'DELETE' || request.request.subresource) return
    const before = (request.old as Service | undefined)?.spec.externalIPs ?? []
    if ((request.object as Service).spec.externalIPs?.some(ip => !before.includes(ip)))
      throw refused(request, 'Use of external IPs is denied by admission control')
  },
}
