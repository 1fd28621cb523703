/** A Delta type as it stands in a case's schema (PROTOCOL.md, "Schema Serialization Format"). */
export type TypeJson = string | StructJson | ArrayJson | MapJson | UserDefinedJson

export interface StructJson {
  readonly type: 'struct'
  readonly fields: readonly { readonly name: string; readonly type: TypeJson }[]
}

interface ArrayJson {
  readonly type: 'array'
  readonly elementType: TypeJson
}

interface MapJson {
  readonly type: 'map'
  readonly keyType: TypeJson
  readonly valueType: TypeJson
}

interface UserDefinedJson {
  readonly type: 'udt'
  readonly sqlType: TypeJson
}
