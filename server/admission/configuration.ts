// How plugins are configured: --admission-control-config-file, and the files that it leads to.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { aggregate, type FieldError } from '../../openapi/errors.ts'
import type { JsonSchema } from '../../openapi/kind.ts'
import { DecodeError, decode } from '../../openapi/rules/decode.ts'
import { AdmissionConfiguration } from '../../openapi/schemas/admissionconfiguration.ts'
import { parseYaml, YamlError } from '../codec/yaml.ts'
import { ConfigError } from '../config.ts'

/** What a plugin's configuration may be. */
export interface ConfigurationType {
  schema: JsonSchema
  /** As apiVersion and kind have them: 'apiserver.config.k8s.io/v1 AdmissionConfiguration'. Absent: they do not matter. */
  versions?: readonly string[]
}

/** Configuration of a plugin by its name; undefined: there is none. Throws ConfigError. */
export type Configurations = <T>(plugin: string, type: ConfigurationType) => T | undefined

const fileType: ConfigurationType = {
  schema: AdmissionConfiguration,
  versions: ['apiserver.config.k8s.io/v1 AdmissionConfiguration', 'apiserver.k8s.io/v1alpha1 AdmissionConfiguration'],
}

/** Plugins whose configuration was a part of the file itself once. */
const legacy: Readonly<Record<string, string>> = { ImagePolicyWebhook: 'imagePolicy', PodNodeSelector: 'podNodeSelectorPluginConfig' }

/** `file` '': nothing is configured. Throws ConfigError. */
export function readConfigurations(file: string): Configurations {
  if (file === '') return () => undefined
  const refuse = (why: string) => new ConfigError(`failed to read plugin config: ${why}`)
  const value = read(file, error => refuse(`unable to read admission control configuration from ${JSON.stringify(file)} [${error}]`))
  const parts = (value ?? {}) as Record<string, unknown>
  const known = Object.values(legacy)
  if (!parts.apiVersion && known.some(key => key in parts)) {
    const unknown = Object.keys(parts).filter(key => !known.includes(key))
    if (unknown.length > 0) throw refuse(`strict decoding error: ${unknown.map(key => `unknown field ${JSON.stringify(key)}`).join(', ')}`)
    return (plugin, type) => {
      const key = legacy[plugin]
      return key && key in parts ? configured(plugin, { [key]: parts[key] }, type) : undefined
    }
  }
  const { plugins = [] } = decoded<AdmissionConfiguration>(value, fileType, refuse)
  return (plugin, type) => {
    const found = plugins.find(({ name }) => name === plugin)
    if (found?.configuration) return configured(plugin, found.configuration, type)
    if (!found?.path) return undefined
    const path = resolve(dirname(file), found.path)
    return configured(
      plugin,
      read(path, error => new ConfigError(`Couldn't open admission plugin configuration ${path}: ${error}`)),
      type,
    )
  }
}

/** What is wrong with the configuration of a plugin, in the words of upstream. */
export const refusedConfiguration = (plugin: string, why: string): ConfigError =>
  new ConfigError(`couldn't init admission plugin ${JSON.stringify(plugin)}: ${why}`)

/** Throws ConfigError when there are errors. */
export function checkConfiguration(plugin: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw refusedConfiguration(plugin, aggregate(errors.map(({ field, message }) => `${field}: ${message}`)))
}

const configured = <T>(plugin: string, value: unknown, type: ConfigurationType): T =>
  decoded(value, type, why => refusedConfiguration(plugin, why))

/** The content of a file of YAML or JSON. */
function read(file: string, unreadable: (error: string) => ConfigError): unknown {
  try {
    const { value, duplicates } = parseYaml(readFileSync(file, 'utf8'))
    if (duplicates.length > 0) throw unreadable(`strict decoding error: ${duplicates.join(', ')}`)
    return value
  } catch (error) {
    if (error instanceof YamlError || (error as NodeJS.ErrnoException).code) throw unreadable((error as Error).message)
    throw error
  }
}

function decoded<T>(value: unknown, { schema, versions }: ConfigurationType, refuse: (why: string) => ConfigError): T {
  const given = (value ?? {}) as { apiVersion?: unknown; kind?: unknown }
  if (versions) {
    if (!given.kind) throw refuse(`Object 'Kind' is missing in '${JSON.stringify(value)}'`)
    if (!given.apiVersion) throw refuse(`Object 'apiVersion' is missing in '${JSON.stringify(value)}'`)
    if (!versions.includes(`${given.apiVersion} ${given.kind}`))
      throw refuse(`no kind ${JSON.stringify(given.kind)} is registered for version ${JSON.stringify(given.apiVersion)}`)
  }
  try {
    const { object, strictErrors } = decode(schema, value)
    if (strictErrors.length > 0) throw refuse(`strict decoding error: ${strictErrors.join(', ')}`)
    return object as T
  } catch (error) {
    if (error instanceof DecodeError) throw refuse(error.message)
    throw error
  }
}
