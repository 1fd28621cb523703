/** TPC-H query 1. */
export const pricingSummary = (table: string): string => `
  SELECT l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice),
         sum(l_extendedprice * (1 - l_discount)), sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)),
         avg(l_quantity), avg(l_extendedprice), avg(l_discount), count(*)
  FROM ${table} WHERE l_shipdate <= DATE '1998-09-02'
  GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus`

/** Its answer has so many rows. */
export function expectGroups(found: number): void {
  if (found !== 4) throw new Error(`${found} groups, expected 4.`)
}
