// What the types of the objects that a policy is about say of its expressions.
import { typeProblems } from '../../openapi/cel/admission/compile.ts'
import type { Structural } from '../../openapi/custom/structural.ts'
import { apiVersionOf, type Kind } from '../../openapi/kind.ts'
import { declaredBy } from '../../openapi/kinds/admissionregistration.k8s.io/policy.ts'
import type { ValidatingAdmissionPolicy } from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicy.ts'

type Spec = ValidatingAdmissionPolicy['spec']

export interface ExpressionWarning {
  fieldRef: string
  warning: string
}

const maxTypes = 10

/** loadCel() must be over. `kinds`: those whose types are known. */
export function expressionWarnings(spec: Spec, kinds: readonly Kind[]): ExpressionWarning[] {
  const expressions = expressionsOf(spec)
  const params = kinds.find(kind => apiVersionOf(kind) === spec.paramKind?.apiVersion && kind.kind === spec.paramKind.kind)
  const told = kindsOf(spec, kinds).map(kind => {
    const typed = { object: kind.schema as Structural, ...(params ? { params: params.schema as Structural } : {}) }
    const problems = typeProblems(
      expressions.map(({ text }) => text),
      { ...declaredBy(spec), authorizer: true, typed },
    )
    return problems.map(problem => problem && `${kind.group}/${kind.version}, Kind=${kind.kind}: ${problem}\n`)
  })
  return expressions.flatMap(({ fieldRef }, index) => {
    const warnings = told.map(problems => problems[index]).filter(problem => problem !== undefined)
    return warnings.length > 0 ? [{ fieldRef, warning: warnings.join('\n') }] : []
  })
}

const expressionsOf = ({ validations = [] }: Spec): { fieldRef: string; text: string }[] =>
  validations.flatMap(({ expression, messageExpression }, index) => [
    { fieldRef: `spec.validations[${index}].expression`, text: expression },
    ...(messageExpression ? [{ fieldRef: `spec.validations[${index}].messageExpression`, text: messageExpression }] : []),
  ])

/** Rules with a wildcard for group or version name none; in the order of group, version and kind. */
function kindsOf({ matchConstraints }: Spec, kinds: readonly Kind[]): Kind[] {
  const named = (matchConstraints?.resourceRules ?? []).flatMap(({ apiGroups = [], apiVersions = [], resources = [] }) =>
    [...apiGroups, ...apiVersions].some(name => name.includes('*'))
      ? []
      : kinds.filter(kind => apiGroups.includes(kind.group) && apiVersions.includes(kind.version) && resources.includes(kind.names.plural)),
  )
  const key = ({ group, version, kind }: Kind) => [group, version, kind].join('\0')
  return [...new Set(named)].sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, maxTypes)
}
