const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/
const FLOATING = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?$/

/**
 * The unscaled value of a decimal text at a scale, undefined where the text is no number or has digits beyond the precision or the scale
 * (zeros there are no digits).
 */
export function parseDecimal(text: string, precision: number, scale: number): bigint | undefined {
  const match = DECIMAL.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const zeros = scale - fraction.length + Number(exponent)
  let digits = whole + fraction
  if (zeros >= 0) digits += '0'.repeat(zeros)
  else if (/^0*$/.test(digits.slice(zeros))) digits = digits.slice(0, zeros)
  else return undefined
  digits = digits.replace(/^0+/, '')
  if (digits.length > precision) return undefined
  const unscaled = BigInt(digits || 0)
  return sign === '-' ? -unscaled : unscaled
}

/** Plain notation with exactly `scale` digits after the point. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${negative ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`
}

/** A double from decimal or scientific notation, `NaN`, `Infinity` or `-Infinity`; undefined where the text is none. */
export function parseFloating(text: string): number | undefined {
  switch (text) {
    case 'NaN':
      return Number.NaN
    case 'Infinity':
    case '+Infinity':
      return Number.POSITIVE_INFINITY
    case '-Infinity':
      return Number.NEGATIVE_INFINITY
    default:
      return FLOATING.test(text) ? Number.parseFloat(text) : undefined
  }
}

/** The shortest text that reads back as the same value, in the style of Java and Spark: `1.0`, `-0.0`, `1.0E21`, `NaN`, `Infinity`. */
export function formatFloating(value: number, type: 'float' | 'double'): string {
  if (!Number.isFinite(value)) return String(value)
  if (Object.is(value, -0)) return '-0.0'
  const [mantissa = '', exponent] = shortest(value, type).split('e')
  const point = mantissa.includes('.') ? mantissa : `${mantissa}.0`
  return exponent === undefined ? point : `${point}E${Number(exponent)}`
}

function shortest(value: number, type: 'float' | 'double'): string {
  if (type === 'double') return String(value)
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(Number(value.toPrecision(9)))
}
