// As whom webhooks are called: the kubeconfig that the configuration of their plugin names.
import type { RequestOptions } from 'node:https'
import { isAbsolute } from 'node:path'
import { invalid } from '../../../openapi/errors.ts'
import { WebhookAdmissionConfiguration } from '../../../openapi/schemas/admissionconfiguration.ts'
import { credentialsOf } from '../../extension/kubeconfig.ts'
import { type Configurations, type ConfigurationType, checkConfiguration, refusedConfiguration } from '../configuration.ts'

const type: ConfigurationType = {
  schema: WebhookAdmissionConfiguration,
  versions: ['apiserver.config.k8s.io/v1 WebhookAdmissionConfiguration', 'apiserver.config.k8s.io/v1alpha1 WebhookAdmission'],
}

/** By HOST:PORT. Throws ConfigError. */
export function webhookCredentials(plugin: string, configurations: Configurations): (host: string) => RequestOptions {
  const { kubeConfigFile = '', staticManifestsDir } = configurations<WebhookAdmissionConfiguration>(plugin, type) ?? {}
  if (staticManifestsDir) throw refusedConfiguration(plugin, 'staticManifestsDir is not supported by kubemock')
  if (kubeConfigFile === '') return () => ({})
  checkConfiguration(plugin, isAbsolute(kubeConfigFile) ? [] : [invalid('kubeConfigFile', kubeConfigFile, 'must be an absolute file path')])
  return credentialsOf(kubeConfigFile, why => refusedConfiguration(plugin, why))
}
