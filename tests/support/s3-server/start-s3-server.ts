import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { StorageOptions } from '../../../src/storage/storage-options.js'
import { Bucket } from './buckets.js'
import { type Fault, FaultPlan } from './fault-plan.js'
import { type RecordedRequest, RequestLog } from './request-log.js'
import { routeRequest } from './route-request.js'
import { S3Error } from './s3-error.js'
import { type S3Reply, xml, xmlReply } from './s3-reply.js'
import { operationOf, parseTarget, readBody } from './s3-request.js'

export interface S3ServerOptions {
  /** Added to every request. Default 0. */
  readonly latencyMs?: number
  /** The bucket that is there from the start. Default `lake`. */
  readonly bucket?: string
  /** Whether `If-None-Match` is honoured, as good stores do; `in-sequence`: but not in a race. Default true. */
  readonly conditional?: boolean | 'in-sequence'
}

/** A small S3 server of this process, over real HTTP; one thread makes its conditional PUT atomic. */
export interface S3Server extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** What `openTableLocation` and every call of the library need to reach it. Other access keys are refused. */
  readonly options: StorageOptions & { readonly s3: NonNullable<StorageOptions['s3']> }
  readonly requests: RequestLog
  readonly faults: FaultPlan
  /** What is stored, to look at and to damage. */
  readonly buckets: Map<string, Bucket>
  /** Milliseconds added to every request from now on. */
  latencyMs: number
  /** `s3://BUCKET/path` in the bucket that is there from the start. */
  tableUrl(path: string): string
  close(): Promise<void>
}

export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const bucket = options.bucket ?? 'lake'
  const buckets = new Map([[bucket, new Bucket()]])
  const requests = new RequestLog()
  const faults = new FaultPlan()
  const conditional = options.conditional ?? true

  const http = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  // A connection that it closed while a client on a busy machine was about to use it would be a fault that no test asked for.
  http.keepAliveTimeout = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = parseTarget(request)
    const operation = operationOf(target)
    const { method, key, query } = target
    const prefix = query.get('prefix')
    const record = requests.begin({
      operation,
      method,
      bucket: target.bucket,
      key,
      bytesIn: Number(request.headers['content-length'] ?? 0),
      ...(request.headers.range === undefined ? {} : { range: request.headers.range }),
      ...(prefix === null ? {} : { prefix }),
    })
    response.once('close', () => requests.end(record))
    const body = await readBody(request)
    // A server that looks before it waits lets everybody win who came meanwhile.
    const standing = buckets.get(target.bucket)?.objects.has(key) ?? false
    if (server.latencyMs > 0) await setTimeout(server.latencyMs)
    const fault = faults.take(record)
    if (fault?.type === 'hang') return
    if (fault?.type === 'reset') return void response.destroy()
    const reply = refusing(() => {
      if (fault?.type === 'status') throw new S3Error(fault.status, fault.code)
      checkAccess(request)
      const done = routeRequest(
        buckets,
        operation,
        { ...target, body },
        conditional === 'in-sequence' ? standing : conditional,
      )
      if (fault?.type === 'status-after') throw new S3Error(fault.status, fault.code)
      return done
    })
    if (fault?.type === 'drop-reply') return void response.destroy()
    // Before the reply leaves: what the client asks next has begun after this.
    requests.end(record)
    send(response, record, reply, fault)
  }

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => http.close(() => resolve()))
    http.closeAllConnections()
    await closed
  }
  const server: S3Server = {
    url,
    options: {
      s3: { endpoint: url, region: 'us-east-1', credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'testtest' } },
    },
    requests,
    faults,
    buckets,
    latencyMs: options.latencyMs ?? 0,
    tableUrl: (path) => `s3://${bucket}/${path}`,
    close,
    [Symbol.asyncDispose]: close,
  }
  return server
}

function refusing(carryOut: () => S3Reply): S3Reply {
  try {
    return carryOut()
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    return xmlReply(`<Error>${xml('Code', error.code)}${xml('Message', error.message)}</Error>`, error.status)
  }
}

/** Looks at the access key only: signatures are for real servers to check. */
function checkAccess(request: IncomingMessage): void {
  const accessKey = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1]
  if (accessKey === undefined) throw new S3Error(403, 'AccessDenied', 'Access Denied')
  if (accessKey !== ACCESS_KEY) {
    throw new S3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')
  }
}

function send(response: ServerResponse, record: RecordedRequest, reply: S3Reply, fault: Fault | undefined): void {
  const body = Buffer.from(reply.body ?? '')
  // A reply to HEAD has the headers of a body, but never a body.
  const bare = record.method === 'HEAD'
  record.status = reply.status
  record.bytesOut = bare ? 0 : body.byteLength
  response.writeHead(reply.status, {
    'content-length': String(body.byteLength),
    'x-amz-request-id': '0',
    ...reply.headers,
  })
  if (fault?.type !== 'truncate' && fault?.type !== 'stall') return void response.end(bare ? undefined : body)
  response.write(body.subarray(0, body.byteLength >> 1), () => {
    if (fault.type === 'truncate') response.destroy()
  })
}

const ACCESS_KEY = 'test'
