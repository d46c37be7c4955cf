// The types of a Job, apart from the kind so that its parts can name them.
import type { InputOf, ObjectOf } from '../../../kind.ts'
import type { Job as schema } from '../../../schemas/batch.ts'

export interface Job extends ObjectOf<typeof schema> {}
export type JobInput = InputOf<typeof schema>
export type JobSpec = Job['spec']
