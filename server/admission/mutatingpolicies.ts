// MutatingAdmissionPolicy: what each policy that a binding puts in force changes of the object. policy/mutating/dispatcher.go and patch/.
import { evaluate, toJson } from '../../openapi/cel/admission/evaluate.ts'
import { forbiddenRequest, StatusError } from '../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import {
  type MutatingAdmissionPolicy,
  mutatingAdmissionPolicy,
} from '../../openapi/kinds/admissionregistration.k8s.io/mutatingadmissionpolicy.ts'
import {
  type MutatingAdmissionPolicyBinding,
  mutatingAdmissionPolicyBinding,
} from '../../openapi/kinds/admissionregistration.k8s.io/mutatingadmissionpolicybinding.ts'
import { draftOf } from '../../openapi/rules/draft.ts'
import { JsonPatchTestError, jsonPatch, type Operation } from '../../openapi/rules/jsonpatch.ts'
import { atomicPlaces, mergeObjects, typeProblems } from '../../openapi/rules/merge.ts'
import { deepCopy } from '../../openapi/values/copy.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { type AdmissionPlugin, type AdmissionRequest, type Reinvocation, recalled } from './chain.ts'
import { conditionsHold, failure } from './conditions.ts'
import { attributesOf, isShown, replaceObject, shownAttributes } from './matching.ts'
import { PolicyIndex } from './policyindex.ts'
import { asked, bindingsOf, composed, isReview, type PolicyParts, paramsOf, type Situation } from './policyparts.ts'

type Mutation = NonNullable<MutatingAdmissionPolicy['spec']['mutations']>[number]

type Index = PolicyIndex<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding>

export const mutatingPolicies = (
  parts: PolicyParts,
  index: Index = new PolicyIndex(mutatingAdmissionPolicy, mutatingAdmissionPolicyBinding),
): AdmissionPlugin => ({
  name: 'MutatingAdmissionPolicy',
  subresources: true,
  bodies: true,
  async admit(request, reinvocation) {
    await dispatch({ ...parts, index }, request, reinvocation)
  },
  async validate(request) {
    // A delete goes through no admit(): there is nothing to change, but a policy may fail.
    if (request.operation === 'DELETE') await dispatch({ ...parts, index }, request, { round: 0, again: false })
  },
})

interface Invocation {
  key: string
  kind: Kind
  policy: MutatingAdmissionPolicy
  binding: MutatingAdmissionPolicyBinding
  param: KubeObject | null
}

interface Problem {
  policy: MutatingAdmissionPolicy
  binding: MutatingAdmissionPolicyBinding
  text: string
  reason?: string
}

async function dispatch(parts: PolicyParts & { index: Index }, request: AdmissionRequest, reinvocation: Reinvocation): Promise<void> {
  if (!isShown(request) || isReview(request.kind)) return
  const inForce = await parts.index.concerning(request.kind, parts)
  if (inForce.length === 0) return
  const problems: Problem[] = []
  const situation = { attributes: attributesOf(request), parts }
  const invocations: Invocation[] = []
  for (const [policy, binding] of inForce) invocations.push(...(await invocationsOf(policy, binding, situation, problems)))
  if (invocations.length > 0) await invoke(parts, request, { reinvocation, invocations, problems })
  const refused = problems.filter(({ policy }) => policy.spec.failurePolicy !== 'Ignore')
  if (refused.length > 0) throw refusal(request, refused)
}

/** One for each object that holds parameters. */
async function invocationsOf(
  policy: MutatingAdmissionPolicy,
  binding: MutatingAdmissionPolicyBinding,
  situation: Situation,
  problems: Problem[],
): Promise<Invocation[]> {
  const kind = await asked(policy.spec.matchConstraints, situation)
  if (!kind || (binding.spec.matchResources && !(await asked(binding.spec.matchResources, situation)))) return []
  const params = await paramsOf(policy.spec, binding.spec, situation)
  if (typeof params === 'string') {
    problems.push({ policy, binding, text: `failed to configure binding: ${params}` })
    return []
  }
  return params.map(param => {
    const { namespace = '', name = '' } = param?.metadata ?? {}
    return { key: `${policy.metadata.name}/${binding.metadata.name}/${namespace}/${name}`, kind, policy, binding, param }
  })
}

interface Round {
  reinvocation: Reinvocation
  invocations: readonly Invocation[]
  problems: Problem[]
}

async function invoke(parts: PolicyParts, request: AdmissionRequest, { reinvocation, invocations, problems }: Round): Promise<void> {
  reinvocation.policies ??= { invoked: new Set(), again: new Set() }
  const memory = reinvocation.policies
  if (reinvocation.round > 0 && !deepEqual(memory.output, request.object)) recalled(memory)
  for (const invocation of invocations) {
    const { key, policy, binding, kind, param } = invocation
    const attributes = await shownAttributes(attributesOf(request), kind, parts)
    const seen = await bindingsOf(policy.spec, param, { attributes, parts, kind })
    const { hold, error } = await conditionsHold(policy.spec.matchConditions ?? [], seen)
    if (error !== undefined) problems.push({ policy, binding, text: error, reason: 'Invalid' })
    if (!hold || (reinvocation.round > 0 && !memory.again.has(key))) continue
    const before = deepCopy(request.object)
    for (const mutation of request.operation === 'DELETE' ? [] : (policy.spec.mutations ?? [])) {
      const text = await mutate(mutation, request, { ...invocation, parts })
      if (text !== undefined) problems.push({ policy, binding, text, reason: 'Invalid' })
    }
    if (!deepEqual(before, request.object)) {
      recalled(memory)
      reinvocation.again = true
    }
    if (policy.spec.reinvocationPolicy === 'IfNeeded') memory.invoked.add(key)
  }
  memory.output = deepCopy(request.object)
}

/** Changes the request's object in place, or says why it could not. */
async function mutate(
  { patchType, applyConfiguration, jsonPatch: patch }: Mutation,
  request: AdmissionRequest,
  { policy, param, kind, parts }: Invocation & { parts: PolicyParts },
): Promise<string | undefined> {
  const expression = (patchType === 'JSONPatch' ? patch : applyConfiguration)?.expression ?? ''
  const { body } = request
  const attributes = await shownAttributes(attributesOf(request), kind, parts)
  const before = attributes.object as KubeObject
  const { bindings, budget } = await composed(policy.spec, await bindingsOf(policy.spec, param, { attributes, parts, kind }))
  const { value, error, spent } = evaluate(expression, bindings, { budget, patches: true })
  if (error !== undefined) return spent ? error : failure(expression, error)
  try {
    const wrong = misplaced(value)
    if (wrong !== undefined) return `type mismatch: ${wrong}`
    const next = patchType === 'JSONPatch' ? patched(before, toJson(value) as Operation[]) : applied(before, toJson(value), body ?? kind)
    await replaceObject(request, draftOf(body ?? kind, next).object as unknown as KubeObject, { as: kind, convert: parts.convert })
    return undefined
  } catch (problem) {
    if (problem instanceof StatusError) throw problem
    return problem instanceof Error ? problem.message : String(problem)
  }
}

function patched(object: KubeObject, operations: readonly Operation[]): unknown {
  try {
    return jsonPatch(object, operations)
  } catch (error) {
    // A test that fails is a condition that does not hold.
    if (error instanceof JsonPatchTestError) return object
    throw new Error(`JSONPath: ${error instanceof Error ? error.message : error}`)
  }
}

function applied(
  object: KubeObject,
  configuration: unknown,
  { schema, ...type }: Pick<Kind, 'schema' | 'group' | 'version' | 'kind'>,
): unknown {
  const patch = { ...(configuration as object), apiVersion: apiVersionOf(type), kind: type.kind }
  const [problem] = typeProblems(schema, patch)
  if (problem) throw new Error(`error applying patch: failed to convert patch object to typed object: ${problem}`)
  const atomic = atomicPlaces(schema, patch)
  if (atomic.length > 0)
    throw new Error(`error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`)
  return mergeObjects(schema, object, patch)
}

/** Objects below Object{…} have to be of the type that their place names. */
function misplaced(value: unknown, path = 'Object'): string | undefined {
  if (Array.isArray(value)) return value.map(item => misplaced(item, path)).find(found => found !== undefined)
  if (!(value instanceof Map)) return undefined
  const { typeName } = value as { typeName?: string }
  if (typeName !== undefined && typeName !== path && path !== 'Object')
    return `unexpected type name ${JSON.stringify(typeName)}, expected ${JSON.stringify(path)}, which matches field name path from root Object type`
  const own = typeName ?? path
  return [...value]
    .map(([name, item]) => misplaced(item, typeName === undefined ? path : `${own}.${name}`))
    .find(found => found !== undefined)
}

function refusal({ kind, object, name }: AdmissionRequest, problems: readonly Problem[]): StatusError {
  const texts = problems.map(
    ({ policy, binding, text }) => `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${text}`,
  )
  const error = forbiddenRequest(kind, name ?? object.metadata?.name ?? '', '')
  const [first] = problems
  Object.assign(error.status, {
    message: texts[0],
    ...(first?.reason ? { reason: first.reason } : {}),
    details: { ...error.status.details, causes: texts.map(message => ({ message })) },
  })
  return error
}
