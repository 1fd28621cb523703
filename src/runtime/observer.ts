/** Something that happened, told to an {@link Observer}. Names, counts and sizes only: never row values or secrets. */
export type ObservedEvent =
  | {
      readonly type: 'progress'
      readonly operation: string
      readonly rows?: number
      readonly bytes?: number
      readonly files?: number
      readonly fraction?: number
    }
  | {
      readonly type: 'request'
      readonly method: 'get' | 'head' | 'list' | 'put' | 'delete'
      readonly key: string
      readonly bytes: number
      readonly durationMs: number
      readonly outcome: 'ok' | 'error'
    }
  | { readonly type: 'warning'; readonly message: string }

/** Watches an operation. It is called synchronously and must not throw; what it throws is ignored. */
export interface Observer {
  on(event: ObservedEvent): void
}

/** Tells an observer, if there is one. What is observed goes on, whatever the observer throws. */
export function tell(observer: Observer | undefined, event: ObservedEvent): void {
  try {
    observer?.on(event)
  } catch {
    // It has no say: a commit that is in the log would else look like one that failed.
  }
}

export const silentObserver: Observer = { on: () => undefined }
