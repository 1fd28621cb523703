import { Buffer } from 'node:buffer'
import type { Bucket } from './buckets.js'
import { type S3Reply, xml, xmlReply } from './s3-reply.js'
import type { S3Request } from './s3-request.js'

/** ListObjectsV2: prefix, start-after, continuation-token, delimiter, max-keys, encoding-type. */
export function listObjects(bucket: Bucket, name: string, { query }: S3Request): S3Reply {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const token = query.get('continuation-token')
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()
  const limit = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
  const encode = query.get('encoding-type') === 'url' ? (key: string) => encodeURIComponent(key) : (key: string) => key

  const keys = bucket.keys()
  const rows: string[] = []
  let last = ''
  let truncated = false
  for (let index = firstAfter(keys, after); index < keys.length; index++) {
    const key = keys[index] ?? ''
    if (!key.startsWith(prefix)) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const folder = cut < 0 ? undefined : key.slice(0, cut + delimiter.length)
    // A folder that was told stands for all its keys, also on the next page.
    if (folder !== undefined && (folder === last || after.startsWith(folder))) continue
    if (rows.length === limit) {
      truncated = true
      break
    }
    rows.push(
      folder === undefined
        ? contents(bucket, key, encode)
        : `<CommonPrefixes>${xml('Prefix', encode(folder))}</CommonPrefixes>`,
    )
    last = folder ?? key
  }
  return xmlReply(
    `<ListBucketResult>${xml('Name', name)}${xml('Prefix', encode(prefix))}${xml('KeyCount', rows.length)}${xml('MaxKeys', limit)}${xml('IsTruncated', truncated)}` +
      (query.get('encoding-type') === 'url' ? xml('EncodingType', 'url') : '') +
      (truncated ? xml('NextContinuationToken', Buffer.from(last).toString('base64url')) : '') +
      `${rows.join('')}</ListBucketResult>`,
  )
}

function contents(bucket: Bucket, key: string, encode: (key: string) => string): string {
  const { bytes, etag, lastModified } = bucket.find(key)
  const fields = [
    xml('Key', encode(key)),
    xml('LastModified', lastModified.toISOString()),
    xml('ETag', etag),
    xml('Size', bytes.byteLength),
    xml('StorageClass', 'STANDARD'),
  ]
  return `<Contents>${fields.join('')}</Contents>`
}

/** The index of the first key greater than `after`. */
function firstAfter(keys: readonly string[], after: string): number {
  const wanted = Buffer.from(after)
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (Buffer.compare(Buffer.from(keys[middle] ?? ''), wanted) > 0) high = middle
    else low = middle + 1
  }
  return low
}
