import { realpath } from 'node:fs/promises'
import { DeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'

/** The absolute path of a file that the user named, symbolic links resolved. InvalidInput where there is none. */
export async function inputPath(file: string): Promise<string> {
  try {
    return await realpath(file)
  } catch (cause) {
    throw new DeltaError('InvalidInput', `The file ${file} cannot be opened: ${errorText(cause)}. Check the path.`, {
      cause,
      details: { path: file },
    })
  }
}
