import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { S3Options } from '../storage-options.js'

/** The AWS SDK, loaded, and a client that is configured. */
export interface S3Connection {
  readonly sdk: typeof import('@aws-sdk/client-s3')
  readonly client: S3Client
}

/**
 * Loads the AWS SDK and makes a client, once for each options object, so that tables share connections and credentials.
 *
 * What the options leave open is found by the SDK's own chain (environment, profiles, SSO, instance metadata). A server other
 * than AWS (`endpoint`, AWS_ENDPOINT_URL) is addressed by path, and in region us-east-1 where none is configured.
 */
export function connectS3(options: S3Options): Promise<S3Connection> {
  const known = connections.get(options)
  if (known !== undefined) return known
  const connecting = connect(options)
  connections.set(options, connecting)
  connecting.catch(() => connections.delete(options))
  return connecting
}

const connections = new WeakMap<S3Options, Promise<S3Connection>>()

async function connect(options: S3Options): Promise<S3Connection> {
  // Which Node the SDK wants next year is for the package that pins the SDK, not for the stderr of its users.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const sdk = await import('@aws-sdk/client-s3')
  const { endpoint, region, credentials } = options
  const ownServer = (endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) !== undefined
  const config: S3ClientConfig = {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: options.forcePathStyle ?? ownServer,
    followRegionRedirects: true,
    // A retry inside the SDK would hide that the reply to a create was lost. All retries are ours.
    maxAttempts: 1,
    // The handshake of `Expect: 100-continue` takes a new connection for every part of an upload.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: 5_000,
      socketTimeout: 60_000,
      httpAgent: { maxSockets: MOST_CONNECTIONS },
      httpsAgent: { maxSockets: MOST_CONNECTIONS },
    },
  }
  const client = new sdk.S3Client(config)
  if (!ownServer || region !== undefined) return { sdk, client }
  try {
    await client.config.region()
    return { sdk, client }
  } catch {
    return { sdk, client: new sdk.S3Client({ ...config, region: 'us-east-1' }) }
  }
}

const MOST_CONNECTIONS = 64
