/**
 * The error function and its complement in float64, the whole line to about 1e-15 relative. Own code because JavaScript has
 * neither; series and continued fraction as in Abramowitz & Stegun 7.1.6 and 7.1.14.
 */
export function erfExact(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  return Math.sign(x) * (size < 1 ? series(size) : 1 - erfcExact(size)) || x;
}

export function erfcExact(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0.5) return x < 0 ? 1 + erfExact(-x) : 1 - series(x);
  if (x > 28) return 0;
  return expOfMinusSquare(x) * scaledTail(x);
}

/** erf for 0 ≤ x < 1: 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, all terms positive. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * expOfMinusSquare(x) * sum;
}

/** e^(x²)·erfc(x) for x ≥ 0.5, by the continued fraction 1/√π · 1/(x+ ½/(x+ 1/(x+ 3⁄2/(x+ …)))), evaluated from its end. */
function scaledTail(x: number): number {
  const terms = Math.ceil(30 + 260 / (x * x));
  let tail = x;
  for (let n = terms; n >= 1; n--) tail = x + n / 2 / tail;
  return 1 / (Math.sqrt(Math.PI) * tail);
}

/** e^(−x²) without the rounding of x², which would cost x²·1e-16 relative: x = high + low with high² exact. */
export function expOfMinusSquare(x: number): number {
  const high = Math.fround(x);
  const low = x - high;
  return Math.exp(-high * high) * Math.exp(-low * (x + high));
}

/** Φ(x), in its left tail as e^(−x²/2) times a factor that does not mind the rounding of x/√2. */
export function normalCdfExact(x: number): number {
  const scaled = -x * Math.SQRT1_2;
  if (!(scaled > 0.5)) return erfcExact(scaled) / 2;
  return (expOfMinusHalfSquare(x) * scaledTail(scaled)) / 2;
}

/** e^(−x²/2) without the rounding of x². */
export const expOfMinusHalfSquare = (x: number): number =>
  Math.abs(x) > 40 ? 0 : Math.exp(-0.5 * Math.fround(x) ** 2) * restOfHalfSquare(x);

/** What e^(−x²/2) lacks when x is rounded to float32, whose square is exact. */
function restOfHalfSquare(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-0.5 * (x - high) * (x + high));
}

/** Half to even, as IEEE 754 and ONNX round. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const part = x - floor;
  if (part < 0.5 || !Number.isFinite(x)) return floor === 0 && x < 0 ? -0 : floor;
  if (part > 0.5) return floor + 1 || Math.sign(x) * 0;
  return floor % 2 === 0 ? floor : floor + 1 || Math.sign(x) * 0;
}

/** 1 / (1 + e^(−x)) without overflow on either side. */
export function sigmoidExact(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const growth = Math.exp(x);
  return growth / (1 + growth);
}
