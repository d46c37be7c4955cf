// What a definition is warned of: formats that nothing checks. And what checking it takes.
import { isKnownFormat } from '../../../custom/formats.ts'
import type { JSONSchemaProps } from '../../../schemas/apiextensions.ts'
import { loadPatterns } from '../../../values/pattern.ts'
import type { CustomResourceDefinition } from './index.ts'
import { everySchema, schemasOf } from './validation/walk.ts'

export const loadRules = (_definition: CustomResourceDefinition): Promise<void> => loadPatterns()

export function definitionWarnings(definition: CustomResourceDefinition, old?: CustomResourceDefinition): string[] {
  const before = new Set(old ? unknownFormats(old) : [])
  return [...new Set(unknownFormats(definition))]
    .filter(format => !before.has(format))
    .map(format => `unrecognized format ${JSON.stringify(format)}`)
}

const unknownFormats = (definition: CustomResourceDefinition): string[] =>
  schemasOf(definition).flatMap(schema => [...everySchema(schema)].flatMap(unknownFormat))

const unknownFormat = (schema: JSONSchemaProps): string[] =>
  schema.format && !isKnownFormat(schema) && ['', 'string', 'integer', 'number'].includes(schema.type ?? '') ? [schema.format] : []
