import { throwIfAborted } from '../../runtime/aborted.js'
import { mapConcurrent } from '../../runtime/map-concurrent.js'
import { withOwnSignal } from '../../runtime/own-signal.js'
import { type Runtime, systemRuntime } from '../../runtime/runtime.js'
import { checkRange, spanOf } from '../byte-range.js'
import { isRepeatable } from '../object-body.js'
import { checkKey } from '../object-key.js'
import type { ByteRange, GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions } from '../object-store.js'
import { backOff } from '../retry.js'
import type { S3Options } from '../storage-options.js'
import { connectS3, type S3Connection } from './connect-s3.js'
import { listObjects } from './list-objects.js'
import { putObject } from './put-object.js'
import { isConditionalConflict, isInvalidRange, s3Error } from './s3-error.js'

export interface S3StoreOptions {
  readonly bucket: string
  /** The folder of the bucket that is the root of this store, without slashes at its ends. Default: the whole bucket. */
  readonly prefix?: string
  readonly s3?: S3Options
  readonly runtime?: Runtime
}

/**
 * Objects in a bucket of S3, or of a server that speaks its protocol. The AWS SDK is loaded by the first request.
 *
 * Requests are sent once; reads are repeated by RetryingStore. `create` stands on `If-None-Match: *`, which the server must honour.
 */
export class S3Store implements ObjectStore {
  readonly url: string
  readonly #bucket: string
  readonly #prefix: string
  readonly #options: S3Options
  readonly #runtime: Runtime

  constructor({ bucket, prefix, s3, runtime }: S3StoreOptions) {
    this.url = prefix ? `s3://${bucket}/${prefix}` : `s3://${bucket}`
    this.#bucket = bucket
    this.#prefix = prefix ? `${prefix}/` : ''
    this.#options = s3 ?? DEFAULT_CHAIN
    this.#runtime = runtime ?? systemRuntime
  }

  async get(key: string, { range, signal }: GetOptions = {}): Promise<Uint8Array> {
    if (range !== undefined) {
      checkRange(range)
      // S3 cannot be asked for nothing; whether the object is there still has to be found out.
      if (isEmpty(range)) {
        await this.head(key, signal === undefined ? {} : { signal })
        return new Uint8Array(0)
      }
    }
    return await this.#request(key, signal, async ({ sdk, client }, abort) => {
      const Range = range === undefined ? {} : { Range: rangeHeader(range) }
      const command = new sdk.GetObjectCommand({ Bucket: this.#bucket, Key: this.#prefix + key, ...Range })
      try {
        const reply = await client.send(command, abort)
        const bytes = (await reply.Body?.transformToByteArray()) ?? new Uint8Array(0)
        if (range === undefined || reply.ContentRange !== undefined) return bytes
        // The server does not know ranges and sent all.
        const { start, end } = spanOf(range, bytes.byteLength)
        return bytes.subarray(start, end)
      } catch (error) {
        if (range !== undefined && isInvalidRange(error)) return new Uint8Array(0)
        throw error
      }
    })
  }

  async getMany(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array[]> {
    const contents: Uint8Array[] = []
    for await (const bytes of mapConcurrent(keys, GETS_IN_FLIGHT, (key) => this.get(key, options))) contents.push(bytes)
    return contents
  }

  async head(key: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<ObjectMeta> {
    return await this.#request(key, signal, async ({ sdk, client }, abort) => {
      const command = new sdk.HeadObjectCommand({ Bucket: this.#bucket, Key: this.#prefix + key })
      const { ContentLength, LastModified } = await client.send(command, abort)
      return { key, size: ContentLength ?? 0, lastModified: LastModified?.getTime() ?? 0 }
    })
  }

  async *list(
    prefix: string,
    { startAfter, signal }: { readonly startAfter?: string; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    throwIfAborted(signal, 'The listing')
    const input = {
      Bucket: this.#bucket,
      Prefix: this.#prefix + prefix,
      ...(startAfter === undefined ? {} : { StartAfter: this.#prefix + startAfter }),
    }
    try {
      for await (const object of listObjects(await connectS3(this.#options), input, signal)) {
        throwIfAborted(signal, 'The listing')
        yield { ...object, key: object.key.slice(this.#prefix.length) }
      }
    } catch (error) {
      throw this.#errorOf(prefix, signal)(error)
    }
  }

  async put(key: string, body: ObjectBody, { mode, signal }: PutOptions): Promise<ObjectMeta> {
    const target = { Bucket: this.#bucket, Key: this.#prefix + key }
    const condition = mode === 'create' ? { IfNoneMatch: '*' as const } : {}
    for (let conflicts = 0; ; conflicts++) {
      try {
        return await this.#request(key, signal, async (connection, { abortSignal }) => {
          const errorOf = this.#errorOf(key, signal)
          const context = { ...connection, runtime: this.#runtime, signal: abortSignal, errorOf }
          const size = await putObject({ ...target, ...condition }, body, context)
          return { key, size, lastModified: this.#runtime.clock.now() }
        })
      } catch (error) {
        if (!isRepeatable(body) || !isConditionalConflict(error) || conflicts >= MOST_CONFLICTS) throw error
      }
      await backOff(this.#runtime, conflicts, signal)
    }
  }

  async delete(keys: readonly string[], { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    for (const key of keys) checkKey(this.url, key)
    const remove = (batch: readonly string[]): Promise<void> =>
      this.#request(batch[0] ?? '', signal, async ({ sdk, client }, abort) => {
        const Objects = batch.map((key) => ({ Key: this.#prefix + key }))
        const command = new sdk.DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } })
        const [refusal] = (await client.send(command, abort)).Errors ?? []
        if (refusal === undefined || refusal.Code === 'NoSuchKey') return
        throw Object.assign(new Error(`${refusal.Key}: ${refusal.Message ?? ''}`), {
          name: refusal.Code ?? 'Error',
          $metadata: { httpStatusCode: refusal.Code === 'AccessDenied' ? 403 : 500 },
        })
      })
    for await (const _ of mapConcurrent(batchesOf(keys), DELETES_IN_FLIGHT, remove));
  }

  async #request<T>(
    key: string,
    signal: AbortSignal | undefined,
    send: (connection: S3Connection, abort: { readonly abortSignal?: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    checkKey(this.url, key)
    throwIfAborted(signal, 'The request')
    try {
      const connection = await connectS3(this.#options)
      return await withOwnSignal(signal, (own) => send(connection, own === undefined ? {} : { abortSignal: own }))
    } catch (error) {
      throw this.#errorOf(key, signal)(error)
    }
  }

  #errorOf(key: string, signal: AbortSignal | undefined): (error: unknown) => unknown {
    return (error) => s3Error({ url: this.url, bucket: this.#bucket, key, signal }, error)
  }
}

const isEmpty = (range: ByteRange): boolean => ('suffix' in range ? range.suffix === 0 : range.start === range.end)

function rangeHeader(range: ByteRange): string {
  if ('suffix' in range) return `bytes=-${range.suffix}`
  return `bytes=${range.start}-${range.end === undefined ? '' : range.end - 1}`
}

function* batchesOf(keys: readonly string[]): Generator<readonly string[], void, undefined> {
  for (let at = 0; at < keys.length; at += KEYS_A_DELETE) yield keys.slice(at, at + KEYS_A_DELETE)
}

/** One object, so that all who configure nothing share one client. */
const DEFAULT_CHAIN: S3Options = {}
const GETS_IN_FLIGHT = 32
const DELETES_IN_FLIGHT = 4
const KEYS_A_DELETE = 1000
const MOST_CONFLICTS = 10
