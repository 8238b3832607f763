/** Source code of smoothed functions in PyTorch and JAX, for tools/golden/smooth-source.py to run. */
import { sourceOf } from "../../src/smooth/formula/source.js";
import { sourceCases } from "../../test/smooth/source-cases.js";

const written = sourceCases().map(({ label, pieces, kernel, width, form }) => ({
  label,
  pytorch: sourceOf(pieces, kernel, width, "pytorch", form),
  jax: sourceOf(pieces, kernel, width, "jax", form),
}));
process.stdout.write(JSON.stringify(written));
