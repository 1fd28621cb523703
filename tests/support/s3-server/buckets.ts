import { Buffer } from 'node:buffer'
import { createHash, randomUUID } from 'node:crypto'
import { S3Error } from './s3-error.js'

export interface StoredObject {
  readonly bytes: Buffer
  readonly etag: string
  readonly lastModified: Date
}

export interface Upload {
  readonly key: string
  readonly parts: Map<number, StoredObject>
}

/** One bucket in memory. Everything is synchronous, so that each change is atomic. */
export class Bucket {
  readonly objects: Map<string, StoredObject> = new Map()
  readonly uploads: Map<string, Upload> = new Map()
  #sorted: string[] | undefined

  /** Every key in UTF-8 byte order. */
  keys(): readonly string[] {
    this.#sorted ??= [...this.objects.keys()]
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      .map(({ key }) => key)
    return this.#sorted
  }

  find(key: string): StoredObject {
    const object = this.objects.get(key)
    if (object === undefined) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.')
    return object
  }

  put(key: string, bytes: Buffer, etag: string = md5(bytes)): StoredObject {
    if (!this.objects.has(key)) this.#sorted = undefined
    const object = { bytes, etag, lastModified: new Date() }
    this.objects.set(key, object)
    return object
  }

  delete(key: string): void {
    if (this.objects.delete(key)) this.#sorted = undefined
  }

  startUpload(key: string): string {
    const id = randomUUID()
    this.uploads.set(id, { key, parts: new Map() })
    return id
  }

  upload(id: string, key: string): Upload {
    const upload = this.uploads.get(id)
    if (upload?.key !== key) throw new S3Error(404, 'NoSuchUpload', 'The specified upload does not exist.')
    return upload
  }
}

/** An entity tag as S3 makes it, in its quotes. */
export function md5(...parts: readonly Uint8Array[]): string {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return `"${hash.digest('hex')}"`
}
