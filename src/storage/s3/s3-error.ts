import { DeltaError } from '../../errors/delta-error.js'
import type { ErrorCode } from '../../errors/error-code.js'
import { errorText } from '../../errors/error-text.js'
import { abortedError } from '../../runtime/aborted.js'
import { BodyFailure } from '../object-body.js'
import { objectAlreadyExists, objectNotFound } from '../object-error.js'

/** What a request was about. */
export interface S3Subject {
  readonly url: string
  readonly bucket: string
  readonly key: string
  readonly signal: AbortSignal | undefined
}

/** What to throw for what a request threw: a DeltaError, or what the caller's own stream threw. */
export function s3Error(subject: S3Subject, error: unknown): unknown {
  const { url, bucket, key, signal } = subject
  if (error instanceof DeltaError) return error
  if (signal?.aborted) return abortedError(signal, 'The request')
  if (error instanceof BodyFailure) return error.cause
  const fault = faultOf(error)
  const make = (code: ErrorCode, message: string, details: object = {}): DeltaError =>
    new DeltaError(code, message, { cause: error, details: { path: key, ...details } })

  const said = `${fault.name}: ${errorText(error)}`
  if (NO_CREDENTIALS.has(fault.name)) return make('PermissionDenied', `No credentials for ${url} were found. ${SET_UP}`)
  if (fault.name === 'NoSuchBucket') return make('BucketNotFound', `The bucket "${bucket}" of ${url} does not exist.`)
  if (BAD_CREDENTIALS.has(fault.name)) {
    return make('PermissionDenied', `S3 does not accept the credentials for ${url} (${said}). ${SET_UP}`)
  }
  if (fault.status === 401 || fault.status === 403) {
    return make('PermissionDenied', `These credentials may not access "${key}" in ${url} (${said}). ${SET_UP}`)
  }
  if (fault.name === 'InvalidBucketName') return make('InvalidUrl', `"${bucket}" is no name of a bucket.`)
  if (fault.status === 404) return objectNotFound(url, key, error)
  if (fault.status === 412) return objectAlreadyExists(url, key, error)
  if (FULL.has(fault.name) || fault.status === 507) {
    return make('StorageFull', `${url} has no space left (${said}). Free some and repeat.`)
  }
  if (fault.name === 'NotImplemented' || fault.status === 501) {
    return make('UnsupportedStore', `The server of ${url} does not do what is needed (${said}).`)
  }
  if (/region is missing/i.test(errorText(error))) {
    return make('InvalidArgument', `No region for ${url} is configured. Set AWS_REGION, or give the option region.`)
  }
  if (REFUSED.has(fault.name) || REFUSED.has(fault.systemCode ?? '')) {
    return make('StorageUnavailable', `S3 did not carry out a request on "${key}" in ${url} (${said}). Repeat later.`, {
      maybeStored: false,
    })
  }
  if (fault.status !== undefined && fault.status >= 400 && fault.status < 500) {
    return make('InvalidArgument', `S3 refused a request on "${key}" in ${url} (${said}).`)
  }
  return make('StorageUnavailable', `A request on "${key}" in ${url} failed (${said}). Repeat later.`)
}

/** True for the reply of S3 to a conditional put that met another one under way: nothing was stored, try again. */
export function isConditionalConflict(error: unknown): boolean {
  return error instanceof DeltaError && faultOf(error.cause).status === 409
}

/** True for the reply to a range that begins past the end of the object. */
export function isInvalidRange(error: unknown): boolean {
  return faultOf(error).status === 416
}

interface Fault {
  /** S3's error code, or the name of the error. */
  readonly name: string
  /** HTTP status, where there was a reply. */
  readonly status: number | undefined
  /** ECONNRESET and the like. */
  readonly systemCode: string | undefined
}

function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: 'Error', status: undefined, systemCode: undefined }
  const { code, $metadata, $response } = error as Error & {
    code?: unknown
    $metadata?: { httpStatusCode?: number }
    $response?: { statusCode?: number }
  }
  const systemCode = typeof code === 'string' ? code : undefined
  return {
    name: error.name === 'Error' ? (systemCode ?? error.name) : error.name,
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    systemCode,
  }
}

const SET_UP =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the option credentials; see that they may list, read and write this prefix.'
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError'])
const BAD_CREDENTIALS = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'TokenRefreshRequired',
  'AuthorizationHeaderMalformed',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
])
const FULL = new Set(['XMinioStorageFull', 'StorageFull', 'InsufficientStorage', 'QuotaExceeded'])
/** Failures after which it is certain that nothing was stored, but which may pass. */
const REFUSED = new Set([
  'ConditionalRequestConflict',
  'OperationAborted',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'TooManyRequests',
  'TooManyRequestsException',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
