// AlwaysAdmit: has nothing to say.
import type { AdmissionPlugin } from './chain.ts'

export const alwaysAdmit: AdmissionPlugin = { name: 'AlwaysAdmit' }
