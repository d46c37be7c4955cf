// What a definition is warned of: formats that nothing checks, and what kubemock does not do. And what checking it takes.
import { cel, loadCel } from '../../../cel/load.ts'
import { hasRules } from '../../../cel/schema.ts'
import { isKnownFormat } from '../../../custom/formats.ts'
import type { JSONSchemaProps } from '../../../schemas/apiextensions.ts'
import { loadPatterns } from '../../../values/pattern.ts'
import type { CustomResourceDefinition } from './index.ts'
import { everySchema, schemasOf } from './validation/walk.ts'

export async function loadChecks(definition: CustomResourceDefinition): Promise<void> {
  await loadPatterns()
  if (schemasOf(definition).some(hasRules)) await loadCel()
}

export function definitionWarnings(definition: CustomResourceDefinition, old?: CustomResourceDefinition): string[] {
  const before = new Set(old ? allWarnings(old) : [])
  return [...new Set(allWarnings(definition))].filter(warning => !before.has(warning))
}

const allWarnings = (definition: CustomResourceDefinition): string[] => [
  ...unknownFormats(definition).map(format => `unrecognized format ${JSON.stringify(format)}`),
  ...ruleWarnings(definition),
]

const ruleWarnings = ({ spec }: CustomResourceDefinition): string[] =>
  (spec.versions ?? []).flatMap(({ schema }, i) => {
    const root = schema?.openAPIV3Schema as JSONSchemaProps | undefined
    return root && hasRules(root) ? cel().ruleFindings(root, `spec.versions[${i}].schema.openAPIV3Schema`).warnings : []
  })

const unknownFormats = (definition: CustomResourceDefinition): string[] =>
  schemasOf(definition).flatMap(schema => [...everySchema(schema)].flatMap(unknownFormat))

const unknownFormat = (schema: JSONSchemaProps): string[] =>
  schema.format && !isKnownFormat(schema) && ['', 'string', 'integer', 'number'].includes(schema.type ?? '') ? [schema.format] : []
