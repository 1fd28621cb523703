/** Characters that may stand in a path of a URI as they are, beside letters and digits (RFC 2396); a colon could read as a scheme. */
const PLAIN = /%(?:3D|2C|3B|24|26|2B|40)/g

/**
 * The `path` of an add, remove or cdc action for a key of the store (PROTOCOL.md, "Add File and Remove File"): a relative URI, percent-encoded
 * once. A folder that is named `a=x%3Ay` on the store is `a=x%253Ay` in the log.
 */
export function encodeFilePath(key: string): string {
  return key
    .split('/')
    .map((segment) => encodeURIComponent(segment.replace(LONE_SURROGATE, '\ufffd')).replace(PLAIN, decodeURIComponent))
    .join('/')
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
