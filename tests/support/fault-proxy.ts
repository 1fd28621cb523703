import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** How often what goes wrong, each as a probability. */
export interface FaultRates {
  /** The connection is cut before the server is asked. */
  readonly reset: number
  /** 503 SlowDown, before the server is asked. */
  readonly slowDown: number
  /** The server carries the request out, then the connection is cut. */
  readonly dropReply: number
  /** The reply is cut in the middle of its body. */
  readonly truncate: number
}

/** An HTTP proxy in front of a server, which lets some requests go wrong. */
export interface FaultProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** How many requests went wrong, by what. */
  readonly faults: { readonly [Fault in keyof FaultRates]: number }
}

const SLOW_DOWN =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Slow down</Message></Error>'

/** @param target the URL of the server; requests reach it with the headers that they came with, so signatures stay good. */
export async function startFaultProxy(target: string, rates: FaultRates, random: () => number): Promise<FaultProxy> {
  const faults = { reset: 0, slowDown: 0, dropReply: 0, truncate: 0 }
  const strikes = (fault: keyof FaultRates): boolean => {
    const struck = random() < rates[fault]
    if (struck) faults[fault]++
    return struck
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    if (strikes('reset')) return void response.destroy()
    if (strikes('slowDown')) return void response.writeHead(503, { 'content-type': 'application/xml' }).end(SLOW_DOWN)
    const reply = await forward(target, request, body)
    const content = await buffer(reply)
    if (strikes('dropReply')) return void response.destroy()
    response.writeHead(reply.statusCode ?? 500, reply.headers)
    if (content.byteLength < 2 || !strikes('truncate')) return void response.end(content)
    response.write(content.subarray(0, content.byteLength >> 1), () => response.destroy())
  }

  const http = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => http.close(() => resolve()))
    http.closeAllConnections()
    await closed
  }
  return { url: `http://127.0.0.1:${port}`, faults, [Symbol.asyncDispose]: close }
}

function forward(
  target: string,
  { method, url = '/', headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(url, target), { method, headers, path: url }, resolve)
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
