// Kinds that come, change and go while the controllers run, custom resources and those of extension servers, for who follows objects of all kinds.
import { errorText, StatusError } from '../../openapi/errors.ts'
import { isFirstVersion, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { customResourceDefinition } from '../../openapi/kinds/apiextensions.k8s.io/customresourcedefinition/index.ts'
import { apiService } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import type { Context, Controller, ObjectKey, Watch } from './controller.ts'
import { CachedInformer } from './informer.ts'
import { keyOf } from './owners.ts'
import { Told } from './told.ts'

/** No object is called so: the kinds are not the same any more. */
export const changedKinds: ObjectKey = { name: 'changed kinds' }

/** What wakes the controller to look at the kinds again. */
export const watchesOfKinds: readonly Watch[] = [
  { kind: customResourceDefinition as unknown as Kind, keys: () => [changedKinds] },
  {
    kind: apiService as unknown as Kind,
    keys: object => ((object as { spec?: { service?: object } }).spec?.service ? [changedKinds] : []),
  },
]

/** Extension servers tell nobody when they serve something else. */
const lookAgainMs = 30_000
/** After a watch of an extension server ended. */
const watchAgainMs = 1_000

type Changed = (changed: { kind: Kind; object: KubeObject; current: KubeObject | undefined; context: Context }) => readonly ObjectKey[]
type Client = Context['client']

interface Followed {
  kind: Kind
  informer: CachedInformer
}

export class ChangingKinds {
  readonly #changed: Changed
  readonly #followed = new Map<string, Followed>()
  /** Not followed any more, with the objects that there were. */
  readonly #left = new Map<string, Followed>()
  readonly #waits = new Map<string, () => void>()
  #context: Context | undefined
  /** Adds a key to the queue of the controller, once that has started. */
  enqueue: (key: ObjectKey) => void = () => {}

  /** `changed`: which keys to work on when an object of such a kind is another; `current` is there unless it is gone. */
  constructor(changed: Changed) {
    this.#changed = changed
  }

  readonly start: NonNullable<Controller['start']> = (context, enqueue) => {
    this.#context = context
    this.enqueue = enqueue
    return () => {
      for (const { informer } of this.#followed.values()) informer.close()
      for (const cancel of this.#waits.values()) cancel()
      this.#followed.clear()
    }
  }

  /** Follows those of the kinds that there are now. Throws when one cannot be read: the others are followed. */
  async sync(client: Client, wanted: (kind: Kind) => boolean): Promise<{ requeueAfterMs: number } | undefined> {
    const { kinds: elsewhere, stale } = client.elsewhere()
    const custom = client.kinds().filter(kind => kind.custom && isFirstVersion(kind))
    const remote = elsewhere.filter(({ verbs = [] }) => ['list', 'watch', 'delete'].every(verb => verbs.includes(verb)))
    const kinds = new Map([...custom, ...remote].filter(wanted).map(kind => [resourceOf(kind), kind]))
    for (const [resource, { kind }] of this.#followed) if (kinds.get(resource) !== kind) this.#end(resource)
    for (const [resource, left] of this.#left) if (!kinds.has(resource)) this.#gone(resource, left)
    const fresh = [...kinds].filter(([resource]) => !this.#followed.has(resource) && !this.#waits.has(resource))
    const begun = await Promise.allSettled(fresh.map(([resource, kind]) => this.#begin(resource, kind, client)))
    for (const each of begun) if (each.status === 'rejected') throw each.reason
    return elsewhere.length + stale.length > 0 ? { requeueAfterMs: lookAgainMs } : undefined
  }

  async #begin(resource: string, kind: Kind, client: Client): Promise<void> {
    const informer = new CachedInformer(kind, client)
    const followed = { kind, informer }
    this.#followed.set(resource, followed)
    informer.onChange(object => this.#tell(kind, object, informer.get(keyOf(object))))
    try {
      await informer.start(() => {
        informer.close()
        if (this.#followed.get(resource) === followed) this.#lost(resource, kind)
      })
    } catch (error) {
      informer.close()
      if (this.#followed.get(resource) === followed) this.#followed.delete(resource)
      // Of a server that does not answer its APIService tells.
      throw kind.elsewhere && !(error instanceof StatusError) ? new Told(errorText(error)) : error
    }
    // What went while nobody looked.
    for (const object of this.#left.get(resource)?.informer.list() ?? [])
      if (informer.get(keyOf(object))?.metadata.uid !== object.metadata.uid) this.#tell(kind, object, undefined)
    this.#left.delete(resource)
  }

  #lost(resource: string, kind: Kind): void {
    this.#end(resource)
    const again = () => {
      this.#waits.delete(resource)
      this.enqueue(changedKinds)
    }
    if (kind.elsewhere && this.#context) this.#waits.set(resource, this.#context.clock.after(watchAgainMs, again))
    else again()
  }

  #end(resource: string): void {
    const followed = this.#followed.get(resource) as Followed
    followed.informer.close()
    this.#followed.delete(resource)
    this.#left.set(resource, followed)
  }

  /** Of what an extension server keeps nothing is known until it answers again. */
  #gone(resource: string, { kind, informer }: Followed): void {
    if (kind.elsewhere) return
    this.#left.delete(resource)
    for (const object of informer.list()) this.#tell(kind, object, undefined)
  }

  #tell(kind: Kind, object: KubeObject, current: KubeObject | undefined): void {
    if (this.#context) for (const key of this.#changed({ kind, object, current, context: this.#context })) this.enqueue(key)
  }
}

const resourceOf = ({ group, names }: Kind): string => `${group}/${names.plural}`

/** The kind as it is served now: an older one would drop fields that it does not know. */
export const kindNow = (kind: Kind, client: Client): Kind =>
  kind.custom
    ? (client.kinds().find(k => k.group === kind.group && k.version === kind.version && k.names.plural === kind.names.plural) ?? kind)
    : kind
