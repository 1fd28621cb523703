import { expect, it } from 'vitest'
import * as lakewright from '../../src/index.js'

it('the public door has these names and no others', () => {
  expect(Object.keys(lakewright).sort()).toMatchInlineSnapshot(`
    [
      "DeltaError",
      "DeltaTable",
      "Lake",
      "LakeResult",
      "MicrosecondDate",
      "VERSION",
      "array",
      "binary",
      "boolean",
      "byte",
      "col",
      "date",
      "decimal",
      "double",
      "exportArrow",
      "exportParquet",
      "files",
      "float",
      "inferFileSchema",
      "integer",
      "isDeltaError",
      "long",
      "map",
      "parseSchemaText",
      "schemaFrom",
      "schemaText",
      "schemaToJson",
      "short",
      "sql",
      "string",
      "struct",
      "timestamp",
      "timestampNtz",
      "typeText",
      "variant",
    ]
  `)
})
