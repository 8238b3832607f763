/**
 * Mean surprise, in bits, at each symbol after the one before it, by how often pairs come in other symbols; one is added to every
 * count. What a language model has to beat. Both sequences need two symbols.
 */
export function bigramBits(seen: ArrayLike<number>, tested: ArrayLike<number>, symbols: number): number {
  const pairs = new Float64Array(symbols * symbols).fill(1);
  const firsts = new Float64Array(symbols).fill(symbols);
  for (let i = 1; i < seen.length; i++) {
    pairs[seen[i - 1] * symbols + seen[i]]++;
    firsts[seen[i - 1]]++;
  }
  let bits = 0;
  for (let i = 1; i < tested.length; i++) bits -= Math.log2(pairs[tested[i - 1] * symbols + tested[i]] / firsts[tested[i - 1]]);
  return bits / (tested.length - 1);
}
