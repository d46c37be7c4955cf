// Which of its names a definition gets: no two of a group share one. Pure; the rules are upstream's naming controller's.
import { aggregate } from '../../../openapi/errors.ts'
import {
  type Condition,
  type CustomResourceDefinition,
  conditionOf,
} from '../../../openapi/kinds/apiextensions.k8s.io/customresourcedefinition/index.ts'
import { deepEqual } from '../../../openapi/values/equal.ts'

type Names = CustomResourceDefinition['spec']['names']
type Made = Omit<Condition, 'lastTransitionTime'>

export interface Naming {
  accepted: Names
  namesAccepted: Made
  established: Made
}

/** undefined: nothing to decide. `others`: the other definitions of the group. */
export function decideNames(definition: CustomResourceDefinition, others: readonly CustomResourceDefinition[]): Naming | undefined {
  const { spec, status } = definition
  if (deepEqual(spec.names, status.acceptedNames)) return undefined
  const taken = others.map(other => other.status.acceptedNames)
  const resources = new Set(taken.flatMap(names => [names.plural, names.singular, ...(names.shortNames ?? [])]))
  const kinds = new Set(taken.flatMap(names => [names.kind, names.listKind]))
  const [wanted, had] = [spec.names, status.acceptedNames]
  const accepted: Names = { ...had }
  let conflict: { reason: string; message: string } | undefined
  const claim = (name: 'plural' | 'singular' | 'kind' | 'listKind', used: ReadonlySet<string | undefined>, reason: string) => {
    if (wanted[name] !== had[name] && used.has(wanted[name])) conflict = { reason, message: inUse(wanted[name]) }
    else if (wanted[name] !== undefined) accepted[name] = wanted[name]
  }
  claim('plural', resources, 'PluralConflict')
  claim('singular', resources, 'SingularConflict')
  const lost = (wanted.shortNames ?? []).filter(name => !(had.shortNames ?? []).includes(name) && resources.has(name))
  if (lost.length > 0) conflict = { reason: 'ShortNamesConflict', message: aggregate(lost.map(inUse)) }
  else replace(accepted, 'shortNames', wanted.shortNames)
  claim('kind', kinds, 'KindConflict')
  claim('listKind', kinds, 'ListKindConflict')
  replace(accepted, 'categories', wanted.categories)
  const naming = { accepted, ...conditionsOf(definition, conflict) }
  const before = conditionOf(definition, 'NamesAccepted')
  const same = before && before.status === naming.namesAccepted.status && before.reason === naming.namesAccepted.reason
  return same && before.message === naming.namesAccepted.message && deepEqual(accepted, had) ? undefined : naming
}

const inUse = (name: string | undefined): string => `${JSON.stringify(name)} is already in use`

function replace(names: Names, field: 'shortNames' | 'categories', value: Names['shortNames']): void {
  if (value === undefined) delete names[field]
  else names[field] = value
}

function conditionsOf(
  definition: CustomResourceDefinition,
  conflict: { reason: string; message: string } | undefined,
): Pick<Naming, 'namesAccepted' | 'established'> {
  const namesAccepted: Made = conflict
    ? { type: 'NamesAccepted', status: 'False', ...conflict }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
  const before = conditionOf(definition, 'Established')
  const known: Made = before ?? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
  const installing = known.status !== 'True' && !conflict
  return { namesAccepted, established: installing ? { ...known, status: 'False', reason: 'Installing', message: initialNames } : known }
}

const initialNames = 'the initial names have been accepted'
export const establishedNow: Made = { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: initialNames }
