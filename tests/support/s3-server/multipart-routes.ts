import { Buffer } from 'node:buffer'
import { type Bucket, md5 } from './buckets.js'
import { checkPrecondition, checkSum } from './object-routes.js'
import { S3Error } from './s3-error.js'
import { elements, type S3Reply, xml, xmlReply } from './s3-reply.js'
import type { S3Request } from './s3-request.js'

export function createUpload(bucket: Bucket, { key }: S3Request): S3Reply {
  const id = bucket.startUpload(key)
  return xmlReply(
    `<InitiateMultipartUploadResult>${xml('Key', key)}${xml('UploadId', id)}</InitiateMultipartUploadResult>`,
  )
}

export function uploadPart(bucket: Bucket, { key, query, headers, body }: S3Request): S3Reply {
  const upload = bucket.upload(query.get('uploadId') ?? '', key)
  checkSum(headers['x-amz-checksum-crc32'], body)
  const etag = md5(body)
  upload.parts.set(Number(query.get('partNumber')), { bytes: body, etag, lastModified: new Date() })
  return { status: 200, headers: { etag } }
}

export function completeUpload(bucket: Bucket, request: S3Request, conditional: boolean): S3Reply {
  const { key, query, headers, body } = request
  const id = query.get('uploadId') ?? ''
  const upload = bucket.upload(id, key)
  const numbers = elements(body.toString(), 'PartNumber').map(Number)
  const tags = elements(body.toString(), 'ETag')
  const parts = numbers.map((number, index) => {
    const part = upload.parts.get(number)
    if (part === undefined || part.etag !== tags[index]) throw new S3Error(400, 'InvalidPart')
    if (index > 0 && number <= (numbers[index - 1] ?? 0)) throw new S3Error(400, 'InvalidPartOrder')
    if (index < numbers.length - 1 && part.bytes.byteLength < SMALLEST_PART) throw new S3Error(400, 'EntityTooSmall')
    return part.bytes
  })
  if (parts.length === 0) throw new S3Error(400, 'MalformedXML', 'You must specify at least one part')
  checkPrecondition(bucket, key, headers['if-none-match'], conditional)
  const etag = md5(...parts).replace(/"$/, `-${parts.length}"`)
  bucket.put(key, Buffer.concat(parts), etag)
  bucket.uploads.delete(id)
  return xmlReply(
    `<CompleteMultipartUploadResult>${xml('Key', key)}${xml('ETag', etag)}</CompleteMultipartUploadResult>`,
  )
}

export function abortUpload(bucket: Bucket, { key, query }: S3Request): S3Reply {
  const id = query.get('uploadId') ?? ''
  bucket.upload(id, key)
  bucket.uploads.delete(id)
  return { status: 204 }
}

const SMALLEST_PART = 5 * 1024 * 1024
