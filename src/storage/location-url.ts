import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DeltaError } from '../errors/delta-error.js'

/** A URL or local path, taken apart. */
export interface LocationUrl {
  readonly scheme: 'file' | 's3' | 'memory'
  /** The bucket or the name of the memory; empty for `file`. */
  readonly bucket: string
  /** Plain, never percent-encoded. For `file` an absolute path of the local system, else a key without slashes at its ends. */
  readonly path: string
}

/**
 * Takes apart what a user gives as the place of a table: a local path, `file://`, `s3://bucket/prefix` (also `s3a`, `s3n`)
 * or `memory://name`. Keys of buckets are taken literally, as S3 tools do; `file://` is percent-decoded.
 *
 * @throws InvalidUrl
 */
export function parseLocation(text: string): LocationUrl {
  if (typeof text !== 'string') {
    const message = `The place of a table is a path or a URL, as text. It is ${text === null ? 'null' : `a value of type ${typeof text}`}.`
    throw new DeltaError('InvalidUrl', message)
  }
  const scheme = schemeOf(text)
  if (scheme === undefined) {
    if (text === '' || text.includes('\0')) throw invalidUrl(text, 'it is no path')
    return { scheme: 'file', bucket: '', path: resolve(text) }
  }
  return takeApart(scheme, text, (key) => key)
}

/**
 * Takes apart an absolute `path` of the log, where everything is percent-encoded; undefined if the path is relative.
 *
 * @throws InvalidUrl; UnsupportedStore for a scheme that no store stands behind; URIError for bad percent-encoding.
 */
export function parseAbsoluteLogPath(text: string): LocationUrl | undefined {
  const scheme = schemeOf(text)
  if (scheme !== undefined && !SCHEMES.has(scheme)) {
    const message = `The log has the path "${text}", and no store stands behind "${scheme}:". Only s3, file and memory can be read.`
    throw new DeltaError('UnsupportedStore', message, { details: { path: text } })
  }
  if (scheme !== undefined) return takeApart(scheme, text, decodeURIComponent)
  if (!isAbsolute(text)) return undefined
  return { scheme: 'file', bucket: '', path: resolve(decodeURIComponent(text)) }
}

/** True where a text of a log or a user begins with a URL scheme: `s3://`, `file:/`. A column value like `at:10` is none. */
function schemeOf(text: string): string | undefined {
  return /^([A-Za-z][A-Za-z0-9+.-]+):\//.exec(text)?.[1]?.toLowerCase()
}

function takeApart(scheme: string, text: string, decode: (key: string) => string): LocationUrl {
  switch (scheme) {
    case 'file':
      return { scheme, bucket: '', path: localPathOf(text) }
    case 's3':
    case 's3a':
    case 's3n':
    case 'memory': {
      const match = /^[^:]+:\/\/([^/]*)(?:\/(.*))?$/s.exec(text)
      const bucket = match?.[1] ?? ''
      if (/[@:]/.test(bucket)) throw invalidUrl(undefined, 'credentials do not belong into a URL')
      if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(bucket)) throw invalidUrl(text, 'it names no bucket')
      const path = decode(match?.[2] ?? '').replace(/^\/+|\/+$/g, '')
      return { scheme: scheme === 'memory' ? 'memory' : 's3', bucket, path }
    }
    default:
      throw invalidUrl(text, `no store stands behind "${scheme}:"`)
  }
}

function localPathOf(text: string): string {
  try {
    return resolve(fileURLToPath(text))
  } catch (cause) {
    throw invalidUrl(text, 'it names no local file', cause)
  }
}

function invalidUrl(text: string | undefined, why: string, cause?: unknown): DeltaError {
  const what = text === undefined ? 'This is no place of a table' : `"${text}" is no place of a table`
  return new DeltaError(
    'InvalidUrl',
    `${what}: ${why}. Give a local path, file:///path, s3://bucket/prefix or memory://name.`,
    { cause },
  )
}

const SCHEMES: ReadonlySet<string> = new Set(['file', 's3', 's3a', 's3n', 'memory'])
