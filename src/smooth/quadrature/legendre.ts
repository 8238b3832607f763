/** Nodes on −1 … 1, from left to right, and the weights of a rule. */
export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The Gauss–Legendre rule of so many points: exact for polynomials of degree 2 · count − 1. Roots of the Legendre polynomial by
 * Newton's method from Tricomi's estimate; weights 2 / ((1 − x²) P′(x)²).
 */
export function gaussLegendre(count: number): Rule {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < Math.ceil(count / 2); i++) {
    // The middle node of an odd rule is 0, and not nearly so.
    let x = 2 * i + 1 === count ? 0 : -Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    for (let step = 0; step < 6; step++) {
      const { value, slope } = legendre(count, x);
      x -= value / slope;
    }
    const { slope } = legendre(count, x);
    const weight = 2 / ((1 - x) * (1 + x) * slope * slope);
    nodes[count - 1 - i] = -x;
    nodes[i] = x;
    weights[i] = weight;
    weights[count - 1 - i] = weight;
  }
  return { nodes, weights };
}

/** The Legendre polynomial of a degree, and its slope, by the recurrence of three terms. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= degree; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, slope: (degree * (x * value - before)) / ((x - 1) * (x + 1)) };
}
