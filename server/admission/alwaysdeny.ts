// AlwaysDeny: nobody may change anything. The server and its controllers may, or nothing would ever start.
import { type AdmissionPlugin, type AdmissionRequest, refused } from './chain.ts'

function deny(request: AdmissionRequest): void {
  // Whoever comes over HTTP is authenticated or not; who acts inside is neither.
  const { groups } = request.request.user
  if (groups.includes('system:authenticated') || groups.includes('system:unauthenticated'))
    throw refused(request, 'admission control is denying all modifications')
}

export const alwaysDeny: AdmissionPlugin = { name: 'AlwaysDeny', subresources: true, bodies: true, admit: deny, validate: deny }
