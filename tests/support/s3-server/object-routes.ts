import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import type { Bucket } from './buckets.js'
import { S3Error } from './s3-error.js'
import { elements, type S3Reply, xml, xmlReply } from './s3-reply.js'
import type { S3Request } from './s3-request.js'

export function getObject(bucket: Bucket, { key, headers, method }: S3Request): S3Reply {
  const object = bucket.find(key)
  const [start, end] = rangeOf(headers.range, object.bytes.byteLength)
  const body = object.bytes.subarray(start, end)
  const partial = headers.range !== undefined && headers.range !== ''
  const checked = headers['x-amz-checksum-mode'] === 'ENABLED' && !partial
  return {
    status: partial ? 206 : 200,
    headers: {
      etag: object.etag,
      'last-modified': object.lastModified.toUTCString(),
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
      'content-length': String(body.byteLength),
      ...(partial ? { 'content-range': `bytes ${start}-${end - 1}/${object.bytes.byteLength}` } : {}),
      ...(checked ? { 'x-amz-checksum-crc32': checksum(object.bytes), 'x-amz-checksum-type': 'FULL_OBJECT' } : {}),
    },
    ...(method === 'HEAD' ? {} : { body }),
  }
}

export function putObject(bucket: Bucket, { key, headers, body }: S3Request, conditional: boolean): S3Reply {
  checkSum(headers['x-amz-checksum-crc32'], body)
  checkPrecondition(bucket, key, headers['if-none-match'], conditional)
  return { status: 200, headers: { etag: bucket.put(key, body).etag } }
}

export function deleteObject(bucket: Bucket, { key }: S3Request): S3Reply {
  bucket.delete(key)
  return { status: 204 }
}

export function deleteObjects(bucket: Bucket, { body }: S3Request): S3Reply {
  const document = body.toString()
  const keys = elements(document, 'Key')
  if (keys.length > 1000) throw new S3Error(400, 'MalformedXML', 'At most 1000 keys a request.')
  for (const key of keys) bucket.delete(key)
  const quiet = elements(document, 'Quiet').includes('true')
  const deleted = quiet ? '' : keys.map((key) => `<Deleted>${xml('Key', key)}</Deleted>`).join('')
  return xmlReply(`<DeleteResult>${deleted}</DeleteResult>`)
}

/** `If-None-Match: *`: 412 where the key stands already. A server that is not `conditional` ignores the header. */
export function checkPrecondition(bucket: Bucket, key: string, header: string | undefined, conditional: boolean): void {
  if (!conditional || header !== '*' || !bucket.objects.has(key)) return
  throw new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
}

export function checkSum(expected: string | string[] | undefined, body: Uint8Array): void {
  if (expected === undefined || expected === checksum(body)) return
  throw new S3Error(400, 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.')
}

function checksum(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(bytes))
  return sum.toString('base64')
}

function rangeOf(header: string | undefined, size: number): [number, number] {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null) return [0, size]
  const [, first = '', last = ''] = match
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (start >= size || end <= start) throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable')
  return [start, end]
}
