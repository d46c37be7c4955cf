// Runs the steps of a trace on a cluster of its own whose clock is moved by hand, and writes down what its controllers did.
import { setMaxListeners } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StatusError } from '../../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeInput, type KubeObject } from '../../../openapi/kind.ts'
import { namespace as namespaceKind } from '../../../openapi/kinds/core/namespace.ts'
import { pod } from '../../../openapi/kinds/core/pod/index.ts'
import { serviceAccount } from '../../../openapi/kinds/core/serviceaccount.ts'
import { type StorageClassInput, storageClass } from '../../../openapi/kinds/storage.k8s.io/storageclass.ts'
import type { Client } from '../../../server/client.ts'
import type { Cluster } from '../../../server/index.ts'
import { startCluster } from '../../../server/index.ts'
import { type Output, type Shell, shell } from '../kubectl.ts'
import { readClasses, type Step, type Trace } from './trace.ts'
import { until } from './wait.ts'

/** A write as the watch showed it. */
export interface Write {
  step: number
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubeObject
  revision: number
}

export interface Replayed {
  writes: readonly Write[]
  /** By step, what kubectl answered. */
  outputs: ReadonlyMap<number, Output>
  /** By step, what came of an eviction. */
  answers: ReadonlyMap<number, object>
  errors: readonly string[]
}

/** Virtual milliseconds that go by while kubectl waits, per look. */
const tickMs = 50
const longestWaitMs = 300_000
/** Until a waiting kubectl has seen what it waits for and the next one has begun. */
const noticedMs = 350

export async function replay(trace: Trace): Promise<Replayed> {
  const errors: string[] = []
  await using cluster = await startCluster({
    // kubectl prints ages by its own clock.
    pausedAt: new Date(),
    seed: 1,
    // What the API refused is told in one line and tried again; a stack is a bug.
    logError: error => error instanceof Error && errors.push(error.stack ?? error.message),
  })
  await cluster.clock.advance(1000)
  const directory = mkdtempSync(join(tmpdir(), 'kubemock-trace-'))
  const kubeconfig = join(directory, 'kubeconfig')
  writeFileSync(kubeconfig, cluster.kubeconfig.replace(/^(\s*)user: .*$/m, `$&\n$1namespace: ${trace.namespace}`))
  const run = new Run(trace, cluster, shell(kubeconfig, directory))
  try {
    await run.all()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  return { writes: run.writes, outputs: run.outputs, answers: run.answers, errors }
}

class Run {
  readonly writes: Write[] = []
  readonly outputs = new Map<number, Output>()
  readonly answers = new Map<number, object>()
  readonly #trace: Trace
  readonly #cluster: Cluster
  readonly #client: Client
  readonly #shell: Shell
  readonly #ending = new AbortController()
  #step = -1

  constructor(trace: Trace, cluster: Cluster, shell: Shell) {
    this.#trace = trace
    this.#cluster = cluster
    this.#client = cluster.client('admin')
    this.#shell = shell
  }

  async all(): Promise<void> {
    setMaxListeners(0, this.#ending.signal)
    const { steps, trace, namespace, requires = [] } = this.#trace
    for (const found of readClasses(requires, steps)) await this.#client.create(storageClass, found as StorageClassInput)
    const fromTheStart = trace.some(({ step }) => step < 0)
    if (fromTheStart) this.#watch()
    await this.#client.create(namespaceKind, { metadata: { name: namespace } })
    await this.#cluster.settle()
    await this.#client.get(serviceAccount, { namespace, name: 'default' })
    if (!fromTheStart) this.#watch()
    for (const [index, step] of steps.entries()) {
      this.#step = index
      await this.#carryOut(step)
      await this.#cluster.settle()
    }
    this.#ending.abort()
    this.writes.sort((a, b) => a.revision - b.revision)
  }

  /** Every kind, from now on. */
  #watch(): void {
    for (const kind of this.#client.kinds()) void this.#follow(kind)
  }

  async #follow(kind: Kind): Promise<void> {
    if (kind.storedAs || (kind.verbs && !kind.verbs.includes('watch'))) return
    const { revision } = await this.#client.list(kind)
    for await (const batch of this.#client.watch(kind, revision, this.#ending.signal))
      for (const { type, object, revision } of batch) this.writes.push({ step: this.#step, type, object, revision })
  }

  async #carryOut(step: Step): Promise<void> {
    const { create, apply, run, wait, sleep: seconds, settle, oracleOnly, evict } = step
    if (create || apply) await this.#create(create ?? apply ?? [], step)
    if (run) this.outputs.set(this.#step, await this.#kubectl(run))
    if (evict) this.answers.set(this.#step, await this.#evict(evict))
    if (wait) await this.#until(wait)
    if (seconds) await this.#cluster.clock.advance(seconds * 1000)
    if (settle) await this.#settle(settle * 1000)
    if (oracleOnly) await this.#simulate(oracleOnly)
  }

  async #create(objects: readonly (KubeInput & { kind: string; apiVersion: string })[], step: Step): Promise<void> {
    if (step.exit) {
      const items = objects.map(({ metadata, ...rest }) => ({ ...rest, metadata: { namespace: this.#trace.namespace, ...metadata } }))
      const list = objects.length === 1 ? items[0] : { apiVersion: 'v1', kind: 'List', items }
      this.outputs.set(this.#step, await this.#shell('kubectl create -f -', JSON.stringify(list)))
      return
    }
    for (const object of objects) {
      const kind = this.#client.kinds().find(k => k.kind === object.kind && apiVersionOf(k) === object.apiVersion)
      if (!kind) throw new Error(`${object.apiVersion} ${object.kind} is not served`)
      const metadata = kind.scope === 'Namespaced' ? { namespace: this.#trace.namespace, ...object.metadata } : object.metadata
      await this.#client.create(kind, { ...object, metadata } as KubeInput)
    }
  }

  async #evict(name: string): Promise<object> {
    const key = { namespace: this.#trace.namespace, name }
    try {
      return await this.#client.createSubresource(pod, key, 'eviction', { metadata: key })
    } catch (error) {
      if (error instanceof StatusError) return error.status
      throw error
    }
  }

  /** Time goes by only while a command waits for something. */
  async #kubectl(command: string): Promise<Output> {
    const waits = /kubectl (delete(?!.*--wait=false)|drain|rollout status)|\bsleep \d|xargs kubectl delete(?!.*--wait=false)/.test(command)
    let ended = false
    const output = this.#shell(command).finally(() => {
      ended = true
    })
    while (waits && !ended) {
      await sleep(4)
      if (!ended) await this.#cluster.clock.advance(tickMs)
    }
    return output
  }

  /** Goes from timer to timer until what the command waits for is there. */
  async #until(command: string): Promise<void> {
    const { clock } = this.#cluster
    const satisfied = until(command, this.#trace.namespace, this.#client)
    const end = clock.now().getTime() + longestWaitMs
    for (await this.#cluster.settle(); !(await satisfied()); ) {
      if (clock.now().getTime() >= end) throw new Error(`timed out: ${command}`)
      await clock.advance(clock.untilNextMs() ?? 1000)
    }
    await clock.advance(noticedMs)
  }

  /** Until nothing of interest happened for a while. */
  async #settle(quietMs: number): Promise<void> {
    let seen = -1
    for (let round = 0; seen !== this.#interesting() && round < 60; round++) {
      seen = this.#interesting()
      await this.#cluster.clock.advance(quietMs)
    }
  }

  #interesting(): number {
    return this.writes.filter(({ object }) => object.kind !== 'Lease' && object.kind !== 'Node').length
  }

  async #simulate(words: string): Promise<void> {
    const { simulator } = this.#cluster
    const [name = ''] = /^node-\d/.exec(words) ?? []
    if (/stops/.test(words)) await simulator.failNode(name)
    else await simulator.recoverNode(name)
  }
}
