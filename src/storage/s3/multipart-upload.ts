import type { CompletedPart } from '@aws-sdk/client-s3'
import { mapConcurrent } from '../../runtime/map-concurrent.js'
import { type RetryRuntime, withRetries } from '../retry.js'
import type { S3Connection } from './connect-s3.js'

/** Where an object goes and how. */
export interface PutTarget {
  readonly Bucket: string
  readonly Key: string
  /** `*`: only where no object stands. */
  readonly IfNoneMatch?: '*'
}

export interface UploadContext extends S3Connection {
  readonly runtime: RetryRuntime
  readonly signal: AbortSignal | undefined
  /** Makes a DeltaError of what a request threw, so that it is known what may be repeated. */
  readonly errorOf: (error: unknown) => unknown
}

/**
 * Stores an object in parts, four of them under way at once. It becomes visible, and meets its condition, in the last
 * request, which is sent once only; every other one is repeated. A failed upload leaves no parts behind.
 */
export async function multipartUpload(
  { Bucket, Key, IfNoneMatch }: PutTarget,
  parts: AsyncIterable<Uint8Array>,
  { sdk, client, runtime, signal, errorOf }: UploadContext,
): Promise<number> {
  const abort = signal === undefined ? {} : { abortSignal: signal }
  const repeated = <T>(request: () => Promise<T>): Promise<T> =>
    withRetries(runtime, signal, () =>
      request().catch((error: unknown) => {
        throw errorOf(error)
      }),
    )
  // Some servers refuse the checksums of the parts where the algorithm was not named at the start.
  const created = await repeated(() =>
    client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'CRC32' }), abort),
  )
  const upload = { Bucket, Key, UploadId: created.UploadId }
  const sent: Promise<CompletedPart>[] = []
  let size = 0
  try {
    const sendPart = async (Body: Uint8Array, index: number): Promise<CompletedPart> => {
      size += Body.byteLength
      const part = { ...upload, Body, PartNumber: index + 1, ChecksumAlgorithm: 'CRC32' as const }
      const { ETag, ChecksumCRC32 } = await repeated(() => client.send(new sdk.UploadPartCommand(part), abort))
      return { PartNumber: index + 1, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) }
    }
    const send = (part: Uint8Array, index: number): Promise<CompletedPart> => {
      const sending = sendPart(part, index)
      sent.push(sending)
      return sending
    }
    const Parts: CompletedPart[] = []
    for await (const part of mapConcurrent(parts, PARTS_IN_FLIGHT, send)) Parts.push(part)
    const completed = { ...upload, MultipartUpload: { Parts }, ...(IfNoneMatch === undefined ? {} : { IfNoneMatch }) }
    await client.send(new sdk.CompleteMultipartUploadCommand(completed), abort)
    return size
  } catch (error) {
    // Without the signal, and after the last part: nothing may stay that is paid for and never seen.
    await Promise.allSettled(sent)
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined)
    throw error
  }
}

const PARTS_IN_FLIGHT = 4
