export { parseJson, stringifyJson } from '../schema/lossless-json.js'
