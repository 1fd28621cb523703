import type { ObjectBody } from '../object-store.js'
import { bodyParts, PART_SIZE } from './body-parts.js'
import { multipartUpload, type PutTarget, type UploadContext } from './multipart-upload.js'

/** Stores an object by one request, or in parts where it is larger than 8 MiB. Answers its size in bytes. */
export async function putObject(target: PutTarget, body: ObjectBody, context: UploadContext): Promise<number> {
  const parts = bodyParts(body, context.signal)
  try {
    const first = (await parts.next()).value ?? new Uint8Array(0)
    const second = first.byteLength < PART_SIZE ? undefined : (await parts.next()).value
    if (second !== undefined) return await multipartUpload(target, chain([first, second], parts), context)
    const { sdk, client, signal } = context
    const command = new sdk.PutObjectCommand({ ...target, Body: first })
    await client.send(command, signal === undefined ? {} : { abortSignal: signal })
    return first.byteLength
  } finally {
    await parts.return()
  }
}

async function* chain<T>(head: readonly T[], tail: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield* head
  yield* tail
}
