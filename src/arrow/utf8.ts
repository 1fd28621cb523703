const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
/** Up to here a loop over ASCII beats the call of the decoder. */
const SHORT = 24

/** The text of some UTF-8 bytes. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT) return decoder.decode(bytes.subarray(start, end))
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end))
    text += String.fromCharCode(byte)
  }
  return text
}
