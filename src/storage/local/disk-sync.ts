import { closeSync, mkdirSync } from 'node:fs'
import { DeltaError } from '../../errors/delta-error.js'
import { errorText } from '../../errors/error-text.js'
import { makeFolder, syncFile, syncFolder } from './durable-folder.js'

/** More files than this are not kept open. */
const MOST_PENDING = 64

/** Brings the files of one store to the disk, at once or later; or leaves that to the operating system. */
export class DiskSync {
  readonly #enabled: boolean
  readonly #pending = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined

  constructor(enabled: boolean) {
    this.#enabled = enabled
  }

  /** Resolves when what was written to an open file is on the disk. */
  async file(descriptor: number): Promise<void> {
    if (this.#enabled) await syncFile(descriptor)
  }

  /**
   * Resolves when the names in a folder, one of which was just given, are on the disk.
   *
   * @throws StorageUnavailable, whatever the disk said: the name is there, so that nobody may take what it names for not stored
   */
  async folder(path: string): Promise<void> {
    if (!this.#enabled) return
    try {
      await syncFolder(path)
    } catch (error) {
      throw new DeltaError(
        'StorageUnavailable',
        `A file of ${path} has its name, but whether that survives a crash of the machine is not known (${errorText(error)}). Look after the disk and the rights of the folder.`,
        { cause: error, details: { path } },
      )
    }
  }

  /** Makes a folder and its missing parents. */
  async makeFolder(path: string): Promise<void> {
    if (this.#enabled) await makeFolder(path)
    else mkdirSync(path, { recursive: true })
  }

  /** Starts to bring an open file, which it closes, and the names in its folder to the disk. Resolves at once unless many are on their way. */
  async later(descriptor: number, folder: string): Promise<void> {
    if (!this.#enabled) return closeSync(descriptor)
    const work: Promise<void> = Promise.all([syncFile(descriptor), syncFolder(folder)])
      .then(
        () => undefined,
        (error: unknown) => {
          this.#failure ??= { error }
        },
      )
      .finally(() => {
        closeSync(descriptor)
        this.#pending.delete(work)
      })
    this.#pending.add(work)
    while (this.#pending.size > MOST_PENDING) await Promise.race(this.#pending)
  }

  /**
   * Resolves when all that was to come later is on the disk.
   *
   * @throws Internal where the disk failed to take a file, now or ever before: nobody knows which of its bytes are there
   */
  async settle(): Promise<void> {
    await Promise.all(this.#pending)
    if (this.#failure === undefined) return
    const { error } = this.#failure
    throw new DeltaError(
      'Internal',
      `The disk failed to keep a file that was written before (${errorText(error)}), so nothing that may need it is committed. Look after the disk, open the table anew and write the rows again.`,
      { cause: error },
    )
  }
}
