/**
 * What validators such as zod, Valibot and ArkType have in common: the Standard Schema interface, version 1, as far as it is used here. Written down here so that no validator
 * becomes a dependency.
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    /** Whose schema it is: `zod`, `valibot`, ... */
    readonly vendor: string
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
    /** Standard JSON Schema: describes the values in words that others understand. */
    readonly jsonSchema?:
      | { readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown> }
      | undefined
  }
}

/** What a schema gives for a valid value. */
export type OutputOf<S extends StandardSchema> = NonNullable<S['~standard']['types']>['output']
