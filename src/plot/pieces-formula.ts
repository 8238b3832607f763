import type { NumericPiece, NumericPieces } from "../smooth/numeric/pieces.js";

/** Pieces as a line of text: "0.1x for x < 0, x for x > 0". */
export function piecesFormula({ breaks, pieces }: NumericPieces): string {
  if (breaks.length === 0) return pieceFormula(pieces[0]);
  return pieces
    .map((piece, k) => {
      if (k === 0) return `${pieceFormula(piece)} for x < ${printedNumber(breaks[0])}`;
      if (k === breaks.length) return `${pieceFormula(piece)} for x > ${printedNumber(breaks[k - 1])}`;
      return `${pieceFormula(piece)} for ${printedNumber(breaks[k - 1])} < x < ${printedNumber(breaks[k])}`;
    })
    .join(", ");
}

/** Powers of x as they are printed; higher ones than a convolution has in closed form are spelled out. */
const POWERS = ["", "x", "x²", "x³"];

function pieceFormula(piece: NumericPiece): string {
  if (piece.length === 0) return "0";
  const terms = [...piece].sort((a, b) => b.power - a.power);
  return terms.map(({ coefficient, power, rate }, i) => {
    const sign = coefficient < 0 ? (i === 0 ? "−" : " − ") : i === 0 ? "" : " + ";
    const exponential = rate === null ? "" : `exp(${rate === 1 ? "" : rate === -1 ? "−" : printedNumber(rate)}x)`;
    const variable = `${POWERS[power] ?? `x^${power}`}${exponential}`;
    const size = Math.abs(coefficient);
    return sign + (size === 1 && variable !== "" ? variable : `${printedNumber(size)}${variable}`);
  }).join(""); // biome-ignore format: one chain
}

/** Four digits, with the signs of print. */
export function printedNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  const size = Number.isFinite(value) ? String(Number(Math.abs(value).toPrecision(4))) : "∞";
  return value < 0 ? `−${size}` : size;
}
