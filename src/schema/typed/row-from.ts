/** What rows of a table hold for the values of a validator: undefined is null, everything else is what it is. */
export type RowFrom<Value> = undefined extends Value ? Present<Exclude<Value, undefined>> | null : Present<Value>

type Present<Value> = Value extends Date | Uint8Array | string | number | bigint | boolean | null
  ? Value
  : Value extends ReadonlyMap<infer Key, infer Entry>
    ? Map<Key, RowFrom<Entry>>
    : Value extends readonly (infer Element)[]
      ? RowFrom<Element>[]
      : { [Name in keyof Value]: RowFrom<Value[Name]> | Missing<Value[Name]> }

/** A field that may be left out of a row may be undefined in it too. */
type Missing<Value> = undefined extends Value ? undefined : never
