// How a server begins and ends.
import type { Access } from './auth/access.ts'
import type { Client } from './client.ts'
import type { FlowControl } from './flowcontrol/flowcontrol.ts'
import type { Api } from './http/api.ts'
import type { Ids } from './ids.ts'
import { bootstrap } from './registry/bootstrap.ts'
import { writeControllerAccounts } from './registry/controlleraccounts.ts'
import { writeDefaultRoles } from './registry/defaultroles.ts'

interface Parts {
  api: Api
  ids: Ids
  /** PEM. */
  ca: string
  client(name: string): Client
  access: Access
  flowControl: FlowControl
  withControllers: boolean
}

export function lifeOf({ api: { storage, time }, ids, ca, client, access, flowControl, withControllers }: Parts) {
  /** What a fresh cluster has. `port`: where it listens. */
  const fill = async (port: number): Promise<void> => {
    await bootstrap({ clientOf: client, port, time: time(), ca })
    if (withControllers) await writeControllerAccounts({ storage, ids, time })
    await writeDefaultRoles({ storage, ids, time })
    await flowControl.bootstrap()
  }
  const begin = async (port: number): Promise<void> => {
    await fill(port)
    await access.start()
    await flowControl.start()
  }
  const close = async (): Promise<void> => {
    flowControl.close()
    access.close()
    await storage.close()
  }
  return { fill, begin, close }
}
