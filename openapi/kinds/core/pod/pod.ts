// The types of a pod, as stored and as sent.
import type { InputOf, ObjectOf } from '../../../kind.ts'
import type { Pod as schema } from '../../../schemas/pod.ts'

export interface Pod extends ObjectOf<typeof schema> {}
export type PodInput = InputOf<typeof schema>
