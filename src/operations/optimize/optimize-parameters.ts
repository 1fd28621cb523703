/** What the history says of an OPTIMIZE. @param isAuto whether nobody asked for it but a property of the table */
export function optimizeParameters(predicate: readonly string[], isAuto: boolean): { readonly [name: string]: string } {
  return { predicate: JSON.stringify(predicate), zOrderBy: '[]', clusterBy: '[]', auto: String(isAuto) }
}
