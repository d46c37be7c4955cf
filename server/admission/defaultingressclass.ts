// DefaultIngressClass: an Ingress that names no class gets the default one, the newest if there are several.
import { classAnnotation, type Ingress } from '../../openapi/kinds/networking.k8s.io/ingress.ts'
import { ingressClass, isDefaultIngressClass } from '../../openapi/kinds/networking.k8s.io/ingressclass.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

export const defaultIngressClass = (lookup: Lookup): AdmissionPlugin => ({
  name: 'DefaultIngressClass',
  kinds: ['Ingress.networking.k8s.io'],
  async admit({ operation, object }) {
    if (operation !== 'CREATE') return
    const { spec, metadata } = object as Ingress
    if (spec.ingressClassName !== undefined || metadata.annotations?.[classAnnotation] !== undefined) return
    const defaults = (await lookup.list(ingressClass, '')).filter(isDefaultIngressClass)
    // They come by name, and the sort is stable.
    const [newest] = defaults.sort((a, b) => Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp))
    if (newest) spec.ingressClassName = newest.metadata.name
  },
})
