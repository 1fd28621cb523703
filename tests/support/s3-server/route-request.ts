import { Bucket } from './buckets.js'
import { listObjects } from './list-route.js'
import { abortUpload, completeUpload, createUpload, uploadPart } from './multipart-routes.js'
import { deleteObject, deleteObjects, getObject, putObject } from './object-routes.js'
import { S3Error } from './s3-error.js'
import type { S3Reply } from './s3-reply.js'
import type { S3Operation, S3Request } from './s3-request.js'

/** Carries a request out. `conditional` tells whether `If-None-Match` is honoured. */
export function routeRequest(
  buckets: Map<string, Bucket>,
  operation: S3Operation,
  request: S3Request,
  conditional: boolean,
): S3Reply {
  if (operation === 'CreateBucket') {
    if (buckets.has(request.bucket)) throw new S3Error(409, 'BucketAlreadyOwnedByYou')
    buckets.set(request.bucket, new Bucket())
    return { status: 200, headers: { location: `/${request.bucket}` } }
  }
  const bucket = buckets.get(request.bucket)
  if (bucket === undefined) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist')
  switch (operation) {
    case 'HeadBucket':
      return { status: 200 }
    case 'ListObjectsV2':
      return listObjects(bucket, request.bucket, request)
    case 'DeleteObjects':
      return deleteObjects(bucket, request)
    case 'GetObject':
    case 'HeadObject':
      return getObject(bucket, request)
    case 'PutObject':
      return putObject(bucket, request, conditional)
    case 'DeleteObject':
      return deleteObject(bucket, request)
    case 'CreateMultipartUpload':
      return createUpload(bucket, request)
    case 'UploadPart':
      return uploadPart(bucket, request)
    case 'CompleteMultipartUpload':
      return completeUpload(bucket, request, conditional)
    case 'AbortMultipartUpload':
      return abortUpload(bucket, request)
    case 'Unknown':
      throw new S3Error(501, 'NotImplemented', `${request.method} ${request.query} is not implemented`)
  }
}
