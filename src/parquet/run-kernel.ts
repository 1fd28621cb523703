import type * as ParquetWasm from 'parquet-wasm/node'
import { throwIfAborted } from '../runtime/aborted.js'
import { type AssembledFile, fileAssembler } from '../runtime/node/assemble-file.js'
import { loadFreshModule, resolveModule } from '../runtime/node/load-module.js'
import { WorkerPool } from '../runtime/node/worker-pool.js'
import { uninitializedBytes } from '../runtime/uninitialized-bytes.js'
import { createFlatDecoder, type FlatDecoder } from './flat/flat-decoder.js'
import { flatKernelBytes } from './flat/kernel-bytes.js'
import { createParquetKernel, type DecodedBatches, type ParquetKernel } from './kernel.js'

const PARQUET_WASM = 'parquet-wasm/node'

/** Below this a message to a worker costs more than the work. */
const WORTH_A_MESSAGE = 1 << 20
/** So much work at once, or within {@link WINDOW_MS}, is worth the start of workers (about 60 ms each). */
const WORTH_A_START = 48 << 20
const WINDOW_MS = 2000
/** To load WebAssembly takes as long as to read so many bytes (unpacked) without it. */
const WORTH_LOADING = 4 << 20
/** Each holds an instance of WebAssembly. */
const MAX_WORKERS = 8

type Kernel = ParquetKernel & FlatDecoder

let inline: ParquetKernel | undefined
let inlineFlat: FlatDecoder | undefined
let pool: WorkerPool | undefined
let inlineBytes = 0
let inlineSince = 0
let readWithout = 0

type Method = keyof Kernel

/** Runs a method of the kernel in this thread. An instance that trapped is dropped: its memory may be in any state. */
export function runInline<M extends keyof ParquetKernel>(
  method: M,
  ...args: Parameters<ParquetKernel[M]>
): ReturnType<ParquetKernel[M]> {
  inline ??= createParquetKernel(loadFreshModule<typeof ParquetWasm>(PARQUET_WASM), uninitializedBytes)
  try {
    return (inline[method] as (...args: unknown[]) => ReturnType<ParquetKernel[M]>)(...args)
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) inline = undefined
    throw error
  }
}

/** Decodes flat columns in this thread, which does not load the kernel for it. */
export function decodeFlatInline(...args: Parameters<FlatDecoder['decodeFlat']>): DecodedBatches | undefined {
  inlineFlat ??= createFlatDecoder(flatKernelBytes(), uninitializedBytes)
  return inlineFlat.decodeFlat(...args)
}

/** Runs a method of the kernel in a worker thread; `transfer` is gone from this one afterwards. */
export async function runInWorker<M extends Method>(
  method: M,
  args: Parameters<Kernel[M]>,
  transfer: readonly ArrayBuffer[],
  signal?: AbortSignal,
): Promise<ReturnType<Kernel[M]>> {
  pool ??= startPool()
  return (await pool.run({ method, args }, transfer, signal)) as ReturnType<Kernel[M]>
}

/** How bytes are decoded: what the decoders are told beside them. */
export type Decoding = DecodingBy<'decode'> | DecodingBy<'decodeFlat'>

interface DecodingBy<M extends Method> {
  readonly method: M
  readonly args: Parameters<Kernel[M]> extends [Uint8Array, ...infer Rest] ? Rest : never
}

/**
 * Decodes bytes that a worker thread reads from local disk itself: what this thread does not allocate, it does not have to collect. Undefined where that fails for whatever reason: the file is to be read
 * here then, and what is wrong with it to be said.
 */
export async function decodeFromDisk(
  file: AssembledFile,
  { method, args }: Decoding,
  signal?: AbortSignal,
): Promise<{ readonly decoded: DecodedBatches | undefined } | undefined> {
  pool ??= startPool()
  try {
    return { decoded: (await pool.run({ method, file, args }, [], signal)) as DecodedBatches | undefined }
  } catch {
    throwIfAborted(signal)
    return undefined
  }
}

/**
 * Whether work of so many bytes (unpacked) pays in workers, of which more may come: small work stays in this thread, until there was much of it
 * in a short time.
 */
export function paysInWorkers(bytes: number, expected: number = bytes): boolean {
  pool ??= startPool()
  if (pool.size < 2 || bytes < WORTH_A_MESSAGE) return false
  if (pool.warm || expected >= WORTH_A_START) return true
  const now = Date.now()
  if (now - inlineSince > WINDOW_MS) [inlineSince, inlineBytes] = [now, 0]
  inlineBytes += bytes
  return inlineBytes >= WORTH_A_START
}

/** Whether bytes (unpacked) that could be read without the kernel are better read by it: where this thread has it, or had enough to read. */
export function paysInKernel(bytes: number): boolean {
  if (inline !== undefined) return true
  readWithout += bytes
  return readWithout > WORTH_LOADING
}

/** How many workers there can be. */
export function workerCount(): number {
  pool ??= startPool()
  return pool.size
}

function startPool(): WorkerPool {
  const source = `'use strict'
const { parentPort, workerData } = require('node:worker_threads')
const allocate = ${uninitializedBytes.toString()}
const assemble = (${fileAssembler.toString()})(require('node:fs'), allocate)
let kernel, flat
const kernelOf = (method) => method === 'decodeFlat'
  ? (flat ??= (${createFlatDecoder.toString()})(workerData.flat, allocate))
  : (kernel ??= (${createParquetKernel.toString()})(require(workerData.parquet), allocate))
parentPort.on('message', ({ method, file, args }) => {
  try {
    const result = kernelOf(method)[method](...(file === undefined ? args : [assemble(file), ...args]))
    parentPort.postMessage({ result }, result === undefined ? [] : [result.buffer])
  } catch (error) {
    const { name = 'Error', message = String(error) } = error ?? {}
    parentPort.postMessage({ error: { name, message }, spent: error instanceof WebAssembly.RuntimeError })
  }
})`
  return new WorkerPool(
    source,
    { parquet: resolveModule(PARQUET_WASM), flat: flatKernelBytes() },
    { maxSize: MAX_WORKERS },
  )
}
