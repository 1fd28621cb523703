import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3'
import type { ObjectMeta } from '../object-store.js'
import type { S3Connection } from './connect-s3.js'

/**
 * Every object of a bucket below `Prefix`, its full key; one request a page of 1,000, when its turn comes.
 * Markers of folders (keys that end with a slash) are left out.
 */
export async function* listObjects(
  { sdk, client }: S3Connection,
  input: ListObjectsV2CommandInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectMeta, void, undefined> {
  let ContinuationToken: string | undefined
  do {
    const command = new sdk.ListObjectsV2Command({ ...input, ContinuationToken })
    const page = await client.send(command, signal === undefined ? {} : { abortSignal: signal })
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key === undefined || Key.endsWith('/')) continue
      yield { key: Key, size: Size ?? 0, lastModified: LastModified?.getTime() ?? 0 }
    }
    ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (ContinuationToken !== undefined)
}
