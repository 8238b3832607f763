/** A part of a formula, and whether it is a sum, which needs brackets beside a factor. */
export interface TexPart {
  readonly tex: string;
  readonly sum?: boolean;
}

/** A number: of one or two decimals as it is, but for halves and quarters; else a fraction of small whole numbers, or six digits. */
export function numberTex(value: number): string {
  if (value < 0) return `-${numberTex(-value)}`;
  if (!Number.isFinite(value)) return String.raw`\infty`;
  const short = Math.abs(value * 100 - Math.round(value * 100)) < 1e-12 * value;
  const quarters = value < 1 && Number.isInteger(value * 4);
  for (let below = 2; below <= 12 && (!short || quarters); below++) {
    const above = Math.round(value * below);
    if (above === 0 || above > 24 || Number.isInteger(value)) continue;
    if (Math.abs(value * below - above) <= 1e-13 * above) return `\\tfrac{${above}}{${below}}`;
  }
  const [digits, exponent] = String(Number(value.toPrecision(6))).split("e");
  if (exponent === undefined) return digits;
  const power = `10^{${Number(exponent)}}`;
  return digits === "1" ? power : `${digits} \\cdot ${power}`;
}

/** c₀ + c₁x + c₂x² + …, highest power first, in a variable that may itself be a sum. */
export function polynomialTex(coefficients: readonly number[], variable: TexPart): TexPart {
  const base = variable.sum ? bracketed(variable.tex) : variable.tex;
  const terms = coefficients.flatMap((c, n) => {
    if (c === 0) return [];
    if (n === 0) return [numberTex(c)];
    const alone = n === 1 && Math.abs(c) === 1 ? variable.tex : base;
    const power = n === 1 ? alone : `${base}^${n}`;
    return [n === 1 && c === -1 && variable.sum ? `-${base}` : factorTex(c, { tex: power })];
  });
  const written = terms.reverse();
  const lone = coefficients.filter((c) => c !== 0).length === 1 && coefficients[1] === 1;
  return { tex: sumTex(written), sum: written.length > 1 || (lone && variable.sum) };
}

/** A factor before a part: 1 and −1 are not written. */
export function factorTex(factor: number, { tex, sum }: TexPart): string {
  if (factor === 1) return tex;
  const inner = sum ? bracketed(tex) : tex;
  if (factor === -1) return `-${inner}`;
  const number = numberTex(factor);
  return /^[\d.-]+$/.test(number) && /^\d/.test(inner) ? `${number} \\cdot ${inner}` : `${number} ${inner}`.replace(/(\d|\}) (?=[a-z(]|\\left)/i, "$1"); // biome-ignore format: one line
}

/** A product of two parts, the first of which may be 1 or −1. */
export function productTex(a: TexPart, b: TexPart): string {
  if (a.tex === "1") return b.tex;
  const right = b.sum ? bracketed(b.tex) : b.tex;
  if (a.tex === "-1") return `-${right}`;
  return `${a.sum ? bracketed(a.tex) : a.tex}\\,${right}`;
}

/** Terms with their own signs, added up. */
export const sumTex = (terms: readonly string[]): string =>
  terms.length === 0 ? "0" : terms.reduce((sum, term) => (term.startsWith("-") ? `${sum} - ${term.slice(1)}` : `${sum} + ${term}`)); // biome-ignore format: one line

export const bracketed = (tex: string): string => `\\left(${tex}\\right)`;

/** A function of a part. */
export const callTex = (name: string, { tex }: TexPart): string => `${name}${bracketed(tex)}`;

/** x − a. */
export const apartTex = (a: number): TexPart =>
  a === 0 ? { tex: "x" } : { tex: a > 0 ? `x - ${numberTex(a)}` : `x + ${numberTex(-a)}`, sum: true };

/** A multiple of x − a, such as (x − a)/w, or π(x − a)/(2w) with a symbol before it. */
export function multipleTex(a: number, multiple: number, symbol = ""): TexPart {
  const apart = apartTex(a);
  const inner = symbol === "" ? apart : { tex: `${symbol} ${apart.sum ? bracketed(apart.tex) : apart.tex}` };
  if (Math.abs(multiple - 1) < 1e-14) return inner;
  const whole = Math.round(multiple);
  if (Math.abs(whole - multiple) < 1e-13 * multiple) return { tex: factorTex(whole, inner) };
  return { tex: `\\tfrac{${inner.tex}}{${numberTex(1 / multiple)}}` };
}
