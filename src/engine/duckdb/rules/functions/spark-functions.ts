import { nearestName } from '../../../../errors/nearest-name.js'
import type { TranslationScope } from '../translation-scope.js'
import { refused, type TypedSql } from '../typed-sql.js'
import { DATE_FUNCTIONS } from './date-functions.js'
import { NUMBER_FUNCTIONS } from './number-functions.js'
import type { SparkFunctions } from './spark-function.js'
import { TEXT_FUNCTIONS } from './text-functions.js'
import { VALUE_FUNCTIONS } from './value-functions.js'

const FUNCTIONS: SparkFunctions = { ...DATE_FUNCTIONS, ...NUMBER_FUNCTIONS, ...TEXT_FUNCTIONS, ...VALUE_FUNCTIONS }

/** The call of a function of Spark. UnsupportedFeature where it is not one of those that DuckDB computes alike. */
export function functionSql(name: string, operands: readonly TypedSql[], scope: TranslationScope): TypedSql {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (found === undefined) {
    const nearest = nearestName(name, Object.keys(FUNCTIONS))
    const help = nearest === undefined ? '' : ` (did you mean ${nearest}?)`
    throw refused(`The function ${name}()${help} is called`)
  }
  const { least, most = least } = found
  if (operands.length < least || operands.length > most) {
    throw refused(`The function ${name}() is called with ${operands.length} operands`)
  }
  return found.sql(operands, scope)
}
