import type { Definition, Language, LanguageName } from "./language.js";

const javascript: Language = {
  name: "typescript",
  title: "TypeScript",
  single: false,
  constant: (value) => value,
  opening: [],
  comment: (text) => `// ${text}`,
  number: (value) => String(value),
  calls: {
    exp: "Math.exp($)",
    log1p: "Math.log1p($)",
    sqrt: "Math.sqrt($)",
    sin: "Math.sin($)",
    cos: "Math.cos($)",
    atan: "Math.atan($)",
    asinh: "Math.asinh($)",
    arccot: "Math.atan2(1, $)",
    positive: "Math.max($, 0)",
    near: "Math.min($, 1e9)",
  },
  erfc: false,
  select: (condition, yes, no) => `${condition} ? ${yes} : ${no}`,
  define: ({ name, parameter, lines, result, doc, public: shown }) =>
    [
      ...(doc === undefined ? [] : [`/** ${doc} */`]),
      `${shown ? "export " : ""}function ${name}(${parameter}: number): number {`,
      ...lines.map(([local, value]) => `  const ${local} = ${value};`),
      `  return ${result};`,
      "}",
    ].join("\n"),
  table: (name, coefficients) =>
    [
      `const ${name.toUpperCase()} = [${coefficients.join(", ")}];`,
      "",
      `function ${name}(y: number): number {`,
      "  let [a, b] = [0, 0];",
      `  for (let k = ${name.toUpperCase()}.length - 1; k > 0; k--) [a, b] = [2 * y * a - b + ${name.toUpperCase()}[k], a];`,
      `  return y * a - b + ${name.toUpperCase()}[0];`,
      "}",
    ].join("\n"),
};

/** What the two libraries of Python have in common. */
const python = (
  name: LanguageName,
  title: string,
  module: string,
  opening: Language["opening"],
  calls: Language["calls"],
): Language => ({
  name,
  title,
  single: false,
  constant: (value) => `${module}.full_like(x, ${value})`,
  opening,
  comment: (text) => `# ${text}`,
  number: (value) => String(value),
  calls: {
    exp: `${module}.exp($)`,
    log1p: `${module}.log1p($)`,
    sqrt: `${module}.sqrt($)`,
    sin: `${module}.sin($)`,
    cos: `${module}.cos($)`,
    ...calls,
  },
  erfc: true,
  select: (condition, yes, no) => `${module}.where(${condition}, ${yes}, ${no})`,
  define: ({ name: local, parameter, lines, result, doc }: Definition) =>
    [
      `def ${local}(${parameter}):`,
      ...(doc === undefined ? [] : [`    """${doc}"""`]),
      ...lines.map(([made, value]) => `    ${made} = ${value}`),
      `    return ${result}`,
    ].join("\n"),
  table: (local, coefficients) =>
    [
      `${local.toUpperCase()} = [${coefficients.join(", ")}]`,
      "",
      "",
      `def ${local}(y):`,
      "    a, b = 0 * y, 0 * y",
      `    for c in ${local.toUpperCase()}[:0:-1]:`,
      "        a, b = 2 * y * a - b + c, a",
      `    return y * a - b + ${local.toUpperCase()}[0]`,
    ].join("\n"),
});

const pytorch = python("pytorch", "PyTorch", "torch", [{ for: null, line: "import torch" }], {
  atan: "torch.atan($)",
  asinh: "torch.asinh($)",
  arccot: "torch.atan2(torch.ones_like($), $)",
  erfc: "torch.special.erfc($)",
  positive: "torch.clamp($, min=0)",
  near: "torch.clamp($, max=1e9)",
});

const jax = python(
  "jax",
  "JAX",
  "jnp",
  [
    { for: null, line: "import jax.numpy as jnp" },
    { for: "erfc", line: "from jax.scipy.special import erfc" },
  ],
  {
    atan: "jnp.arctan($)",
    asinh: "jnp.arcsinh($)",
    arccot: "jnp.arctan2(1, $)",
    erfc: "erfc($)",
    positive: "jnp.maximum($, 0)",
    near: "jnp.minimum($, 1e9)",
  },
);

/** A number as the shading languages want it: in float32, with a point or an exponent. */
function float(value: number): string {
  const text = String(Number(Math.fround(value).toPrecision(9)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** log(1 + x) for x ≥ 0, whose series is right where the logarithm rounds 1 + x. */
const LOG_ONE_MORE = "x * (1 - x * (0.5 - x * (0.3333333333 - x * 0.25)))".replace(/\b1\b/, "1.0");

const glsl: Language = {
  name: "glsl",
  title: "GLSL",
  single: true,
  constant: (value) => value,
  opening: [{ for: "log1p", line: `float log1p(float x) { return x < 0.01 ? ${LOG_ONE_MORE} : log(1.0 + x); }` }],
  comment: (text) => `// ${text}`,
  number: float,
  calls: { arccot: "atan(1.0, $)", positive: "max($, 0.0)", near: "min($, 1e9)" },
  erfc: false,
  select: (condition, yes, no) => `${condition} ? ${yes} : ${no}`,
  define: ({ name, parameter, lines, result, doc }) =>
    [
      ...(doc === undefined ? [] : [`// ${doc}`]),
      `float ${name}(float ${parameter}) {`,
      ...lines.map(([local, value]) => `  float ${local} = ${value};`),
      `  return ${result};`,
      "}",
    ].join("\n"),
  table: (name, coefficients) =>
    [
      `float ${name}(float y) {`,
      `  float c[${coefficients.length}] = float[${coefficients.length}](${coefficients.map(float).join(", ")});`,
      "  float a = 0.0;",
      "  float b = 0.0;",
      `  for (int k = ${coefficients.length - 1}; k > 0; k--) {`,
      "    float next = 2.0 * y * a - b + c[k];",
      "    b = a;",
      "    a = next;",
      "  }",
      "  return y * a - b + c[0];",
      "}",
    ].join("\n"),
};

const wgsl: Language = {
  name: "wgsl",
  title: "WGSL",
  single: true,
  constant: (value) => value,
  opening: [{ for: "log1p", line: `fn log1p(x: f32) -> f32 { return select(log(1.0 + x), ${LOG_ONE_MORE}, x < 0.01); }` }],
  comment: (text) => `// ${text}`,
  number: float,
  calls: { arccot: "atan2(1.0, $)", positive: "max($, 0.0)", near: "min($, 1e9)" },
  erfc: false,
  select: (condition, yes, no) => `select(${no}, ${yes}, ${condition})`,
  define: ({ name, parameter, lines, result, doc }) =>
    [
      ...(doc === undefined ? [] : [`// ${doc}`]),
      `fn ${name}(${parameter}: f32) -> f32 {`,
      ...lines.map(([local, value]) => `  let ${local} = ${value};`),
      `  return ${result};`,
      "}",
    ].join("\n"),
  table: (name, coefficients) =>
    [
      `fn ${name}(y: f32) -> f32 {`,
      `  var c = array<f32, ${coefficients.length}>(${coefficients.map(float).join(", ")});`,
      "  var a = 0.0;",
      "  var b = 0.0;",
      `  for (var k = ${coefficients.length - 1}; k > 0; k--) {`,
      "    let next = 2.0 * y * a - b + c[k];",
      "    b = a;",
      "    a = next;",
      "  }",
      "  return y * a - b + c[0];",
      "}",
    ].join("\n"),
};

/** The languages, by name. */
export const languages: Readonly<Record<LanguageName, Language>> = { typescript: javascript, pytorch, jax, glsl, wgsl };
