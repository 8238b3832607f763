/**
 * What a person may type: `s = w*x + b; 1 / (exp(-s) + 1)`. Named values first, each ended by a semicolon, then the
 * expression. Powers bind tighter than signs, as in mathematics: −x² is −(x²); they group to the right.
 */
export const grammarText = `
Expressions {
  Program      = ListOf<Definition, ";"> ";" Comparison ";"?  -- named
               | Comparison ";"?                              -- plain
  Definition   = name "=" ~"=" Comparison
  Comparison   = Sum comparator Sum                           -- two
               | Sum
  Sum          = Sum sumSign Product                          -- two
               | Product
  Product      = Product productSign Signed                   -- two
               | Signed
  Signed       = minus Signed                                 -- minus
               | "+" Signed                                   -- plus
               | Power
  Power        = Atom powerSign Signed                        -- two
               | Atom superscript                             -- raised
               | Atom
  Atom         = name "(" ListOf<Comparison, ","> ")"         -- call
               | "(" Comparison ")"                           -- group
               | number
               | name                                         -- variable
  comparator (an operator)   = ">=" | "≥" | "<=" | "≤" | "==" | "!=" | "≠" | ">" | "<"
  sumSign (an operator)      = "+" | minus
  productSign (an operator)  = "*" ~"*" | "·" | "×" | "/"
  powerSign (an operator)    = "^" | "**"
  minus        = "-" | "−"
  name (a name)     = (letter | "_") (alnum | "_")*
  number (a number) = decimal exponent?
  decimal      = digit+ "." digit*  -- point
               | digit+             -- whole
               | "." digit+         -- fraction
  exponent     = ("e" | "E") ("+" | minus)? digit+
  superscript (a power)  = "⁻"? ("⁰" | "¹" | "²" | "³" | "⁴" | "⁵" | "⁶" | "⁷" | "⁸" | "⁹")+
}`;

/** The operation that each sign stands for. */
export const operators: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "−": "sub",
  "*": "mul",
  "·": "mul",
  "×": "mul",
  "/": "div",
  "^": "power",
  "**": "power",
  ">": "greater",
  ">=": "greaterEqual",
  "≥": "greaterEqual",
  "<": "less",
  "<=": "lessEqual",
  "≤": "lessEqual",
  "==": "equal",
  "!=": "notEqual",
  "≠": "notEqual",
};

/** Powers as they are printed: the position of a sign is its digit. */
export const SUPERSCRIPT_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Second names by which people ask for an operation. */
export const aliases: Readonly<Record<string, string>> = { max: "maximum", min: "minimum", ln: "log" };

/** Names that stand for a number unless the point gives them another. */
export const namedConstants: Readonly<Record<string, number>> = { pi: Math.PI, π: Math.PI, e: Math.E };
