// What is written: a pod of 1.6 kB, as a Deployment of a usual service makes them, and smaller things.

export const namespace = 'default'
export const pods = `/api/v1/namespaces/${namespace}/pods`
export const configMaps = `/api/v1/namespaces/${namespace}/configmaps`

const labels = { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': 'web-production', 'pod-template-hash': '6b7b4d8f9c' }
const probe = (path: string) => ({
  httpGet: { path, port: 8080, scheme: 'HTTP' },
  periodSeconds: 10,
  timeoutSeconds: 1,
  failureThreshold: 3,
})

export const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' } },
  spec: {
    serviceAccountName: 'default',
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: 'web',
        image: 'registry.example.com/team/web:1.27.3',
        args: ['--listen=:8080', '--metrics=:9090'],
        ports: [
          { name: 'http', containerPort: 8080, protocol: 'TCP' },
          { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
        ],
        env: [
          { name: 'LOG_LEVEL', value: 'info' },
          { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
          { name: 'DATABASE', valueFrom: { secretKeyRef: { name: 'database', key: 'url' } } },
        ],
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
        volumeMounts: [{ name: 'config', mountPath: '/etc/web', readOnly: true }],
        livenessProbe: probe('/healthz'),
        readinessProbe: probe('/ready'),
        securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
      },
    ],
    volumes: [{ name: 'config', configMap: { name: 'web', defaultMode: 420 } }],
    tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'web', effect: 'NoSchedule' }],
  },
})

export const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { level: 'info', port: '8080' },
})

/** As a kubelet reports it. */
export const podStatus = (round: number) => ({
  status: {
    phase: 'Running',
    podIP: `10.24.0.${(round % 250) + 1}`,
    conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(type => ({ type, status: round % 2 ? 'True' : 'False' })),
  },
})

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } }

export const workload = (kind: 'StatefulSet' | 'Deployment', name: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template, ...(kind === 'StatefulSet' ? { serviceName: name } : {}) },
})

const named = (apiVersion: string, kind: string, name: string, rest: object) => ({ apiVersion, kind, metadata: { name }, ...rest })

const widgetSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 0, maximum: 1000 },
        image: { type: 'string', default: 'registry.example.com/widget:1', maxLength: 200 },
        ports: {
          type: 'array',
          maxItems: 20,
          items: { type: 'object', properties: { name: { type: 'string' }, port: { type: 'integer' } } },
        },
      },
      'x-kubernetes-validations': [{ rule: "self.size < 1000 || self.image != ''", message: 'large ones need an image' }],
    },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
}

/** Of widgets in a group of its own; the first version is the one that is kept. */
export const definition = (group: string, versions: readonly string[] = ['v1']) =>
  named('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `widgets.${group}`, {
    spec: {
      group,
      names: { plural: 'widgets', kind: 'Widget' },
      scope: 'Namespaced',
      versions: versions.map((name, i) => ({
        name,
        served: true,
        storage: i === 0,
        subresources: { status: {} },
        schema: { openAPIV3Schema: widgetSchema },
      })),
    },
  })

export const widget = (apiVersion: string, name: string) =>
  named(apiVersion, 'Widget', name, { spec: { size: 3, ports: [{ name: 'http', port: 8080 }] } })

const rbac = 'rbac.authorization.k8s.io/v1'
const group = 'rbac.authorization.k8s.io'

export const clusterRole = (name: string, rules: readonly object[]) => named(rbac, 'ClusterRole', name, { rules })

export const clusterRoleBinding = (name: string, account: string) =>
  named(rbac, 'ClusterRoleBinding', name, {
    roleRef: { apiGroup: group, kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace, name: account }],
  })

/** A policy and its binding, of objects that no measurement writes. */
export const policy = (kind: 'ValidatingAdmissionPolicy' | 'MutatingAdmissionPolicy', name: string) =>
  [
    named('admissionregistration.k8s.io/v1', kind, name, {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }],
        },
        ...(kind === 'ValidatingAdmissionPolicy'
          ? { validations: [{ expression: 'object.spec.replicas <= 5' }] }
          : { reinvocationPolicy: 'Never', mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }] }),
      },
    }),
    named('admissionregistration.k8s.io/v1', `${kind}Binding`, name, {
      spec: { policyName: name, ...(kind === 'ValidatingAdmissionPolicy' ? { validationActions: ['Deny'] } : {}) },
    }),
  ] as const

const expression = 'Object{metadata: Object.metadata{labels: {"checked": "yes"}}}'
