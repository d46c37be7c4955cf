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
