/** Formulas of smoothed functions as functions of x: a reader of the TeX that they use, for comparing them with the functions. */
type Scope = Readonly<Record<string, number | ((z: number) => number)>>;
type Value = (scope: Scope) => number;

/** The formula, with the functions that it defines beside itself. */
export function texFunction(tex: string): (x: number) => number {
  const [formula, ...definitions] = tex.split(",\\quad ");
  const main = new Reader(formula).whole();
  const made: Record<string, (z: number) => number> = {};
  for (const definition of definitions) {
    const [, name, body] = /^(I_\d)\(z\) = (.*)$/.exec(definition) ?? [];
    if (name === undefined) throw new Error(`not a definition: ${definition}`);
    const value = new Reader(body).whole();
    made[name] = (z) => value({ ...made, z });
  }
  return (x) => main({ ...made, x });
}

/** Γ(n) at n = 2, 3, 4. */
const FACTORIALS: Readonly<Record<string, number>> = { 2: 1, 3: 2, 4: 6 };

/** ∫ tⁿ⁻¹ f(e^(−t)) dt / Γ(n), by Simpson's rule. */
function mellin(n: string, f: (decay: number) => number, reach: number): number {
  const STEPS = 6000;
  let sum = 0;
  for (let i = 0; i <= STEPS; i++) {
    const t = (reach * i) / STEPS;
    sum += (i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2) * t ** (Number(n) - 1) * f(Math.exp(-t));
  }
  return (sum * reach) / (3 * STEPS) / FACTORIALS[n];
}

const bell = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

function normalCdf(z: number): number {
  const STEPS = 800;
  const from = -12;
  if (z <= from) return 0;
  let sum = 0;
  for (let i = 0; i <= STEPS; i++)
    sum += (i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2) * bell(from + ((z - from) * i) / STEPS);
  return (sum * (z - from)) / (3 * STEPS);
}

const functions: Readonly<Record<string, (z: number) => number>> = {
  "\\Phi": normalCdf,
  "\\varphi": bell,
  "\\sigma": (z) => 1 / (1 + Math.exp(-z)),
  "\\log": Math.log,
  "\\arctan": Math.atan,
  "\\sin": Math.sin,
  "\\cos": Math.cos,
  sign: Math.sign,
  Li_2: (z) => -mellin("2", (decay) => (-z * decay) / (1 - z * decay), 60 + Math.log1p(-z)),
  Li_3: (z) => -mellin("3", (decay) => (-z * decay) / (1 - z * decay), 60 + Math.log1p(-z)),
  Ti_2: (z) => mellin("2", (decay) => (z * decay) / (1 + (z * decay) ** 2), 60 + Math.log1p(z)),
  Ti_3: (z) => mellin("3", (decay) => (z * decay) / (1 + (z * decay) ** 2), 60 + Math.log1p(z)),
  Ti_4: (z) => mellin("4", (decay) => (z * decay) / (1 + (z * decay) ** 2), 60 + Math.log1p(z)),
};

class Reader {
  private readonly tokens: readonly string[];
  private next = 0;
  private bars = 0;

  constructor(tex: string) {
    const spaced = tex.replace(/\\operatorname\{(\w+)\}(_\d)?/g, " $1$2 ").replace(/\\,|\\left(?=[(|])|\\right(?=[)|])/g, " ");
    this.tokens = spaced.match(/[A-Z]\w?_\d|sign|\\[a-zA-Z]+|\\\\|\d+(?:\.\d+)?|\S/g) ?? [];
  }

  whole(): Value {
    const value = this.sum();
    if (this.next < this.tokens.length) throw new Error(`left over: ${this.tokens.slice(this.next).join(" ")}`);
    return value;
  }

  private take(token: string): boolean {
    if (this.tokens[this.next] !== token) return false;
    this.next++;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new Error(`${token} expected before ${this.tokens.slice(this.next).join(" ")}`);
  }

  private sum(): Value {
    const terms: Value[] = [];
    do {
      const negative = this.tokens[this.next - 1] === "-" || this.take("-");
      const term = this.product();
      terms.push(negative ? (scope) => -term(scope) : term);
    } while (this.take("+") || this.take("-"));
    return (scope) => terms.reduce((total, term) => total + term(scope), 0);
  }

  private product(): Value {
    let value = this.power();
    for (;;) {
      const token = this.tokens[this.next];
      if (token === undefined || /^(?:[+\-)},&<>]|\\\\|\\end|\\le|\\ge)$/.test(token) || (token === "|" && this.bars > 0))
        return value;
      const before = value;
      if (this.take("/")) {
        const below = this.power();
        value = (scope) => before(scope) / below(scope);
        continue;
      }
      this.take("\\cdot");
      const factor = this.power();
      value = (scope) => before(scope) * factor(scope);
    }
  }

  private power(): Value {
    const base = this.atom();
    if (!this.take("^")) return base;
    const exponent = this.argument();
    return (scope) => base(scope) ** exponent(scope);
  }

  /** A group in braces, or one token. */
  private argument(): Value {
    if (!this.take("{")) return this.atom();
    const outer = this.bars;
    this.bars = 0;
    const inner = this.sum();
    this.bars = outer;
    this.expect("}");
    return inner;
  }

  private atom(): Value {
    const token = this.tokens[this.next++];
    if (/^\d/.test(token)) return () => Number(token);
    if (token === "(") return this.closed(")");
    if (token === "|") {
      this.bars++;
      const inner = this.sum();
      this.bars--;
      this.expect("|");
      return (scope) => Math.abs(inner(scope));
    }
    if (token === "e") return () => Math.E;
    if (token === "\\pi") return () => Math.PI;
    if (token === "\\sqrt") {
      const inner = this.argument();
      return (scope) => Math.sqrt(inner(scope));
    }
    if (token === "\\tfrac" || token === "\\frac") {
      const [above, below] = [this.argument(), this.argument()];
      return (scope) => above(scope) / below(scope);
    }
    if (token === "\\max") {
      this.expect("(");
      const first = this.sum();
      this.expect(",");
      const second = this.closed(")");
      return (scope) => Math.max(first(scope), second(scope));
    }
    if (token === "\\begin") return this.cases();
    const known = functions[token];
    if (known !== undefined) {
      const argument = this.power();
      return (scope) => known(argument(scope));
    }
    if (/^I_\d$/.test(token)) {
      const argument = this.power();
      return (scope) => (scope[token] as (z: number) => number)(argument(scope));
    }
    if (/^[xz]$/.test(token)) return (scope) => scope[token] as number;
    throw new Error(`not read: ${token}`);
  }

  private closed(end: string): Value {
    const outer = this.bars;
    this.bars = 0;
    const inner = this.sum();
    this.bars = outer;
    this.expect(end);
    return inner;
  }

  private cases(): Value {
    for (const token of ["{", "c", "a", "s", "e", "s", "}"]) this.expect(token);
    const rows: { value: Value; holds: (scope: Scope) => boolean }[] = [];
    do {
      const value = this.sum();
      this.expect("&");
      const left = this.sum();
      const relation = this.tokens[this.next++];
      const right = this.sum();
      const compare = { "<": (a: number, b: number) => a < b, ">": (a: number, b: number) => a > b, "\\le": (a: number, b: number) => a <= b, "\\ge": (a: number, b: number) => a >= b }[relation]; // biome-ignore format: one line
      if (compare === undefined) throw new Error(`no relation: ${relation}`);
      rows.push({ value, holds: (scope) => compare(left(scope), right(scope)) });
    } while (this.take("\\\\"));
    for (const token of ["\\end", "{", "c", "a", "s", "e", "s", "}"]) this.expect(token);
    return (scope) => (rows.find(({ holds }) => holds(scope)) ?? rows[rows.length - 1]).value(scope);
  }
}
