/**
 * Formulas written as TeX as a line of Unicode text: for captions and terminals, where nothing can set them. It knows the part of
 * TeX that formulas of activations need; commands that it does not know keep their name, without the backslash.
 */
export function plainFormula(tex: string): string {
  const reader: Reader = { tokens: tokensOf(tex), next: 0 };
  return tidy(sequence(reader, () => false).text);
}

interface Reader {
  tokens: readonly string[];
  next: number;
}

/** A part of a formula; tight ones need no brackets when they become a numerator, a power or an argument. */
interface Part {
  readonly text: string;
  readonly tight: boolean;
  /** What needs brackets when something stands beside it. */
  readonly kind?: "fraction" | "cases" | "operator";
}

const tokensOf = (tex: string): string[] => tex.match(/\\text\{[^}]*\}|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[^\s]/g) ?? [];

const tight = (text: string): Part => ({ text, tight: true });

/** Everything up to a token at which `ends` says to stop, which is left unread. */
function sequence(reader: Reader, ends: (token: string) => boolean): Part {
  const parts: Part[] = [];
  while (reader.next < reader.tokens.length && !ends(reader.tokens[reader.next])) {
    const token = reader.tokens[reader.next++];
    if (token === "^" || token === "_") parts.push(script(token, part(reader), parts.pop()));
    else parts.push(read(token, reader));
  }
  const shown = parts.filter(({ text }) => text !== "");
  return shown.length === 1 ? shown[0] : { text: shown.map(besides).join(""), tight: shown.length === 0 };
}

/** A part among others: one half of log(x), and the logarithm of one half, are told apart by brackets. */
function besides({ text, kind }: Part, i: number, parts: readonly Part[]): string {
  const [before, after] = [parts[i - 1], parts[i + 1]];
  const factor =
    after !== undefined &&
    after.kind !== "operator" &&
    after.text !== symbols["\\\\"] &&
    after.text !== symbols["&"] &&
    !/^(?:[)\],;.|⌋&]|$)/.test(after.text.trim());
  const argument = before !== undefined && /\p{L} $/u.test(before.text) && before.kind === undefined;
  if (kind === "fraction" && (factor || argument)) return `(${text})`;
  return kind === "cases" ? `{${text.trim()}}` : text;
}

/** The argument of a command: a group in braces, or the next thing, of a number its first digit. */
function part(reader: Reader): Part {
  const token = reader.tokens[reader.next++] ?? "";
  if (!/^\d\d/.test(token)) return read(token, reader);
  const tokens = [...reader.tokens];
  tokens[--reader.next] = token.slice(1);
  reader.tokens = tokens;
  return tight(token[0]);
}

function read(token: string, reader: Reader): Part {
  if (token === "{") return closed(reader, "}");
  if (token.startsWith("\\text{")) return { text: ` ${token.slice(6, -1)} `, tight: false, kind: "operator" };
  const command = commands[token];
  if (command !== undefined) return command(reader);
  if (operators.has(token)) return { text: ` ${operators.get(token)} `, tight: false, kind: "operator" };
  const symbol = symbols[token];
  if (symbol !== undefined) return tight(symbol);
  return tight(token.startsWith("\\") ? named(token.slice(1)) : token);
}

/** Names of functions stand apart from what they are applied to. */
const named = (name: string): string => (name.length > 1 ? ` ${name} ` : name);

function closed(reader: Reader, end: string): Part {
  const inner = sequence(reader, (token) => token === end);
  reader.next++;
  return inner;
}

const bracketed = ({ text, tight: isTight }: Part): string => (isTight ? text.trim() : `(${text.trim()})`);

const fraction = (reader: Reader): Part => {
  const [above, below] = [part(reader), part(reader)];
  const known = smallFractions[`${above.text}/${below.text}`];
  return known === undefined ? { text: `${bracketed(above)}/${bracketed(below)}`, tight: false, kind: "fraction" } : tight(known);
};

/** \left and \right before a full stop stand for a bracket that is not drawn. */
const delimiter = (reader: Reader): Part => {
  if (reader.tokens[reader.next] === ".") reader.next++;
  return tight("");
};

const commands: Readonly<Record<string, (reader: Reader) => Part>> = {
  "\\frac": fraction,
  "\\tfrac": fraction,
  "\\dfrac": fraction,
  "\\sqrt": (reader) => {
    const index = reader.tokens[reader.next] === "[" ? sequenceAfter(reader, "]") : null;
    const root = index === null ? "√" : (roots[index] ?? `${superscript(index) ?? index}√`);
    return tight(`${root}${bracketed(part(reader))}`);
  },
  "\\begin": (reader) => {
    part(reader);
    const body = sequence(reader, (token) => token === "\\end");
    reader.next++;
    part(reader);
    return { text: body.text, tight: false, kind: "cases" };
  },
  "\\operatorname": (reader) => {
    if (reader.tokens[reader.next] === "*") reader.next++;
    return tight(named(part(reader).text.replaceAll(" ", "")));
  },
  "\\left": delimiter,
  "\\right": delimiter,
  "\\mathrm": (reader) => part(reader),
  "\\mathbf": (reader) => part(reader),
  "\\mathcal": (reader) => part(reader),
  "\\hat": (reader) => tight(`${part(reader).text}\u0302`),
  "\\bar": (reader) => tight(`${part(reader).text}\u0304`),
  "\\tilde": (reader) => tight(`${part(reader).text}\u0303`),
};

function sequenceAfter(reader: Reader, end: string): string {
  reader.next++;
  return closed(reader, end).text;
}

function script(kind: "^" | "_", { text }: Part, base: Part | undefined): Part {
  const plain = text.trim();
  const small = (kind === "^" ? superscript : subscript)(plain);
  const before = base?.text ?? "";
  const simple = kind === "^" ? /^(?:\p{L}[ᵢⱼₖₙ₀-₉]*|\d+)$/u : /^[\p{L}\d]+$/u;
  const brackets = !simple.test(plain);
  // A sum or a function keeps its distance from what follows its limits.
  const room = before.endsWith(" ") || /[∑∏∫]$/u.test(before) ? " " : "";
  return tight(`${before.trimEnd()}${small ?? `${kind}${brackets ? `(${plain})` : plain}`}${room}`);
}

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿˣᵏᵐᵃᵇᵖᵗᵝ′";
const raisedFrom = "0123456789+−=()inxkmabptβ′";
const lowered = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₙₓₚₜₘₗₐₑ";
const loweredFrom = "0123456789+−=()ijknxptmlae";

const inSmall =
  (small: string, from: string) =>
  (text: string): string | null => {
    const letters = [...text.replaceAll(" ", "")].map((letter) => [...small][[...from].indexOf(letter)]);
    return letters.every((letter) => letter !== undefined) ? letters.join("") : null;
  };
const superscript = inSmall(raised, raisedFrom);
const subscript = inSmall(lowered, loweredFrom);

const smallFractions: Readonly<Record<string, string>> = {
  "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/6": "⅙", "1/8": "⅛", "1/5": "⅕",
}; // biome-ignore format: a table
const roots: Readonly<Record<string, string>> = { "3": "∛", "4": "∜" };

const operators: ReadonlyMap<string, string> = new Map([
  ["=", "="], ["<", "<"], [">", ">"], ["+", "+"], ["-", "−"], ["\\le", "≤"], ["\\leq", "≤"], ["\\ge", "≥"], ["\\geq", "≥"],
  ["\\ne", "≠"], ["\\neq", "≠"], ["\\approx", "≈"], ["\\in", "∈"], ["\\sim", "∼"], ["\\pm", "±"], ["\\to", "→"], ["\\mid", "|"],
  ["\\lt", "<"], ["\\gt", ">"], ["\\land", "and"], ["\\lor", "or"],
]); // biome-ignore format: a table

const symbols: Readonly<Record<string, string>> = {
  "\\alpha": "α", "\\beta": "β", "\\gamma": "γ", "\\delta": "δ", "\\epsilon": "ε", "\\varepsilon": "ε", "\\zeta": "ζ",
  "\\eta": "η", "\\theta": "θ", "\\kappa": "κ", "\\lambda": "λ", "\\mu": "μ", "\\nu": "ν", "\\xi": "ξ", "\\pi": "π", "\\rho": "ρ",
  "\\sigma": "σ", "\\tau": "τ", "\\phi": "φ", "\\varphi": "φ", "\\chi": "χ", "\\psi": "ψ", "\\omega": "ω", "\\Gamma": "Γ",
  "\\Delta": "Δ", "\\Theta": "Θ", "\\Lambda": "Λ", "\\Sigma": "Σ", "\\Phi": "Φ", "\\Psi": "Ψ", "\\Omega": "Ω", "\\infty": "∞",
  "\\cdot": "·", "\\times": "×", "\\odot": "⊙", "\\otimes": "⊗", "\\circ": "∘", "\\sum": "∑", "\\prod": "∏", "\\int": "∫",
  "\\partial": "∂", "\\ldots": "…", "\\dots": "…", "\\cdots": "…", "\\lfloor": "⌊", "\\rfloor": "⌋", "\\lceil": "⌈",
  "\\rceil": "⌉", "\\langle": "⟨", "\\rangle": "⟩", "\\ell": "ℓ", "\\star": "⋆", "\\top": "ᵀ", "\\prime": "′", "'": "′",
  "\\lvert": "|", "\\rvert": "|", "\\vert": "|", "\\lVert": "‖", "\\rVert": "‖", "\\|": "‖", "\\{": "{", "\\}": "}",
  "\\big": "", "\\bigl": "", "\\bigr": "", "\\Big": "", "\\Bigl": "", "\\Bigr": "",
  "\\displaystyle": "", "\\limits": "", "\\!": "", "\\,": " ", "\\;": " ", "\\:": " ", "\\ ": " ", "\\quad": "  ",
  "\\qquad": "  ", "\\\\": "; ", "&": " for ", "\\_": "_", "\\%": "%", ",": ", ", "~": " ",
}; // biome-ignore format: a table

/** Signs at the beginning of something belong to what follows; spaces are single and not beside brackets. */
function tidy(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/([([{,;/^]) /g, (_, opening: string) => (opening === "," || opening === ";" ? `${opening} ` : opening))
    .replace(/ ([)\]},;])/g, "$1")
    .replace(/(^|[([{/^·×=<>≤≥] ?|, |; |for )− /g, "$1−")
    .replace(/(\p{L}{2,}) \(/gu, (_, name: string) => (name === "for" || name === "and" ? `${name} (` : `${name}(`))
    .replace(/(\p{L}{2,}[²³⁻¹]+) \(/gu, "$1(")
    .replace(/for (else|otherwise|for)\b/g, "$1")
    .trim();
}
