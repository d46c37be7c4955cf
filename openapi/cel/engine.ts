// What is loaded with the CEL library.
export { ruleFindings } from './check.ts'
export { ruleErrors } from './evaluate.ts'
