// Names by which a Job and its pods know each other.
export const controllerUidLabel = 'batch.kubernetes.io/controller-uid'
export const jobNameLabel = 'batch.kubernetes.io/job-name'
/** Annotation and label of a pod of an indexed Job. */
export const completionIndexKey = 'batch.kubernetes.io/job-completion-index'
/** Of a pod that is not counted yet. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'
