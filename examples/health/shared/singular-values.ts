type Matrix = readonly (readonly number[])[];

export const product = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => (b[0] as readonly number[]).map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));

/**
 * Singular values of a matrix, largest first: columns are turned against each other until all are at right angles, and then their lengths
 * are the values. One-sided Jacobi, Hestenes 1958; small values come out as precise as large ones where the columns allow it.
 */
export function singularValues(matrix: Matrix): number[] {
  const columns = (matrix[0] as readonly number[]).map((_, j) => matrix.map((row) => row[j]));
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
  for (let sweep = 0, turned = true; turned && sweep < 40; sweep++) {
    turned = false;
    for (let p = 0; p < columns.length; p++) {
      for (let q = p + 1; q < columns.length; q++) {
        const [u, v] = [columns[p], columns[q]];
        const [uu, vv, uv] = [dot(u, u), dot(v, v), dot(u, v)];
        if (Math.abs(uv) <= 1e-14 * Math.sqrt(uu * vv)) continue;
        turned = true;
        const zeta = (vv - uu) / (2 * uv);
        const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        columns[p] = u.map((value, i) => cosine * (value - tangent * v[i]));
        columns[q] = v.map((value, i) => cosine * (value + tangent * u[i]));
      }
    }
  }
  return columns.map((column) => Math.sqrt(dot(column, column))).sort((a, b) => b - a);
}
