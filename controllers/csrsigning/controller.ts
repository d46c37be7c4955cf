// certificatesigningrequest-signing-controller: approved requests to the cluster's own signers get their certificate.

import type { Kind } from '../../openapi/kind.ts'
import {
  type CertificateSigningRequest,
  certificateSigningRequest,
} from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import type { CertificateRequest } from '../../openapi/values/pkcs10.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { decide } from './plan.ts'

/** Signs what a request asks for with the cluster's CA; PEM. `seconds`: how long it should be good, if that was asked. */
export type Sign = (request: CertificateRequest, usages: readonly string[], seconds: number | undefined) => string

export const csrSigningController = (sign: Sign): Controller => ({
  name: 'certificatesigningrequest-signing-controller',
  watches: [{ kind: certificateSigningRequest as unknown as Kind, keys: self }],
  async reconcile(key, { client, clock, informer }) {
    const request = informer(certificateSigningRequest).get(key)
    const decision = request && decide(request)
    if (!request || !decision) return
    const { status } = request
    const next: CertificateSigningRequest['status'] =
      'problem' in decision
        ? { ...status, conditions: [...(status.conditions ?? []), failure(decision.problem, printTime(clock.now()))] }
        : { ...status, certificate: base64(sign(decision.sign, request.spec.usages ?? [], request.spec.expirationSeconds)) }
    await client.updateStatus(certificateSigningRequest, { ...request, status: next })
  },
})

const failure = (message: string, now: string) => ({
  type: 'Failed',
  status: 'True',
  reason: 'SignerValidationFailure',
  message,
  lastUpdateTime: now,
  lastTransitionTime: now,
})

const base64 = (text: string): string => Buffer.from(text).toString('base64')
