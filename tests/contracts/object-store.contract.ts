import { describe } from 'vitest'
import { abortContract } from './object-store/abort.contract.js'
import type { OpenStore } from './object-store/bytes-and-keys.js'
import { deleteContract } from './object-store/delete.contract.js'
import { keysContract } from './object-store/keys.contract.js'
import { listContract } from './object-store/list.contract.js'
import { putContract } from './object-store/put.contract.js'
import { readContract } from './object-store/read.contract.js'

export interface ContractOptions {
  /** Reads are over before anything else can happen, an abort included. */
  readonly instantReads?: boolean
  /** For a server that keeps its promise in sequence only: of concurrent creators more than one may win. Default false. */
  readonly racyCreates?: boolean
}

/**
 * The promises of an ObjectStore. `open` answers a store with an empty root of its own, anew for each test.
 */
export function objectStoreContract(
  name: string,
  open: OpenStore,
  { instantReads = false, racyCreates = false }: ContractOptions = {},
): void {
  describe(`an ObjectStore: ${name}`, () => {
    putContract(open, racyCreates)
    readContract(open)
    listContract(open)
    keysContract(open)
    deleteContract(open)
    abortContract(open, instantReads)
  })
}
