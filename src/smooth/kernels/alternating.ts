/**
 * Σ (−1)ᵏ aₖ over all k ≥ 0 from its first 22 terms, asked for in order, right to 3e-16 of the sum where aₖ are the moments
 * ∫₀¹ xᵏ dμ of a mass μ: each term divides the error by 3 + √8. Cohen, Rodriguez Villegas and Zagier 2000, algorithm 1.
 */
export function alternatingSum(term: (k: number) => number): number {
  const power = (3 + Math.sqrt(8)) ** TERMS;
  const total = (power + 1 / power) / 2;
  let b = -1;
  let c = -total;
  let sum = 0;
  for (let k = 0; k < TERMS; k++) {
    c = b - c;
    sum += c * term(k);
    b *= ((k + TERMS) * (k - TERMS)) / ((k + 0.5) * (k + 1));
  }
  return sum / total;
}

const TERMS = 22;
