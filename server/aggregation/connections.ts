// Connections to extension servers: kept open between requests, for each APIService by itself.
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'

/** `send` begins it. Rejects when no answer comes. */
export function answered(sent: ClientRequest, send: () => void): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.on('response', resolve).on('error', error => reject(Object.assign(error, { outdated: sent.reusedSocket })))
    send()
  })
}

/** The server had closed a kept connection by the time it was used: nobody has read the request. */
export const isOutdated = (error: unknown): boolean => {
  const { code, outdated } = error as { code?: string; outdated?: boolean }
  return outdated === true && code === 'ECONNRESET'
}

/** What is under way goes on; then nothing is kept any more. */
export function retire(agent: Agent): void {
  agent.maxFreeSockets = 0
  for (const free of Object.values(agent.freeSockets)) for (const socket of free ?? []) socket.destroy()
}
