import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

/** A request, taken apart, its body read. */
export interface S3Request {
  readonly method: string
  readonly bucket: string
  /** Percent-decoded; empty for requests on the bucket. */
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** The name that S3 gives to what a request asks for. */
export type S3Operation =
  | 'CreateBucket'
  | 'HeadBucket'
  | 'ListObjectsV2'
  | 'DeleteObjects'
  | 'GetObject'
  | 'HeadObject'
  | 'PutObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'Unknown'

export function parseTarget(request: IncomingMessage): Omit<S3Request, 'body'> {
  const [path = '', query = ''] = splitOnce(request.url ?? '/', '?')
  const [bucket = '', key = ''] = splitOnce(path.slice(1), '/')
  return {
    method: request.method ?? 'GET',
    bucket: decodeURIComponent(bucket),
    key: decodeURIComponent(key),
    query: new URLSearchParams(query),
    headers: request.headers,
  }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  return request.headers['content-encoding']?.includes('aws-chunked') ? unchunk(body) : body
}

export function operationOf({ method, key, query }: Omit<S3Request, 'body'>): S3Operation {
  if (key === '') {
    if (method === 'PUT') return 'CreateBucket'
    if (method === 'HEAD') return 'HeadBucket'
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects'
    return method === 'GET' && query.get('list-type') === '2' ? 'ListObjectsV2' : 'Unknown'
  }
  if (query.has('uploadId')) {
    if (method === 'PUT') return 'UploadPart'
    if (method === 'POST') return 'CompleteMultipartUpload'
    return method === 'DELETE' ? 'AbortMultipartUpload' : 'Unknown'
  }
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : 'Unknown'
  return (
    ({ GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' } as const)[method] ?? 'Unknown'
  )
}

/** Takes the frames off a body sent in chunks with signatures or a trailing checksum. */
function unchunk(body: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    if (lineEnd < 0 || !(size > 0)) return Buffer.concat(parts)
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
