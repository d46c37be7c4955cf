// Custom resources as the collector follows them: their kinds come, change and go while it runs.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { Context, ObjectKey } from '../runtime/controller.ts'
import { CachedInformer } from '../runtime/informer.ts'
import { keyOf } from '../runtime/owners.ts'

/** Not a uid: the custom resources are not the same any more. */
export const customKinds = 'custom kinds'

type Client = Context['client']
type Affected = (kind: Kind, object: KubeObject, current: KubeObject | undefined) => readonly ObjectKey[]

export class CustomInformers {
  readonly #affected: Affected
  readonly #informers = new Map<Kind, CachedInformer>()
  #enqueue: (key: ObjectKey) => void = () => {}

  constructor(affected: Affected) {
    this.#affected = affected
  }

  open(enqueue: (key: ObjectKey) => void): () => void {
    this.#enqueue = enqueue
    return () => {
      for (const informer of this.#informers.values()) informer.close()
      this.#informers.clear()
    }
  }

  /** One version of each is enough. Throws when one cannot be read: a webhook may have to convert its objects. */
  async sync(client: Client): Promise<void> {
    const wanted = new Set(client.kinds().filter(kind => kind.custom && kind.custom.siblings()[0] === kind))
    for (const [kind, informer] of this.#informers) if (!wanted.has(kind)) this.#end(kind, informer)
    await Promise.all([...wanted].filter(kind => !this.#informers.has(kind)).map(kind => this.#begin(kind, client)))
  }

  async #begin(kind: Kind, client: Client): Promise<void> {
    const informer = new CachedInformer(kind, client)
    const forget = () => {
      if (this.#informers.get(kind) === informer) this.#informers.delete(kind)
      informer.close()
    }
    this.#informers.set(kind, informer)
    informer.onChange(object => this.#tell(kind, object, informer.get(keyOf(object))))
    try {
      await informer.start(() => {
        forget()
        this.#enqueue({ name: customKinds })
      })
    } catch (error) {
      forget()
      throw error
    }
  }

  /** What is still there comes back with the next version of the kind; what is not is gone. */
  #end(kind: Kind, informer: CachedInformer): void {
    informer.close()
    this.#informers.delete(kind)
    for (const object of informer.list()) this.#tell(kind, object, undefined)
  }

  #tell(kind: Kind, object: KubeObject, current: KubeObject | undefined): void {
    for (const key of this.#affected(kind, object, current)) this.#enqueue(key)
  }
}

/** The kind as it is served now: an older one would drop fields that it does not know. */
export const kindNow = (kind: Kind, client: Client): Kind =>
  kind.custom
    ? (client.kinds().find(k => k.group === kind.group && k.version === kind.version && k.names.plural === kind.names.plural) ?? kind)
    : kind
