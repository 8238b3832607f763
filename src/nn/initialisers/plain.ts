import { full } from "../../ops/index.js";
import {
  type NormalOptions,
  normal as normalNumbers,
  type TruncatedNormalOptions,
  truncatedNormal as truncatedNormalNumbers,
  uniform as uniformNumbers,
} from "../../random/index.js";
import type { Initialiser } from "./initialiser.js";

/** One value everywhere. */
export const constant = (value: number): Initialiser => ({
  name: "constant",
  aliases: [],
  tex: "c",
  source: "",
  draw: (_, { shape }) => full(shape, value),
});

/** 0 everywhere: for biases. Weights of 0 would keep all units of a layer equal for ever. */
export const zeros = (): Initialiser => ({ ...constant(0), name: "zeros", tex: "0" });

/** 1 everywhere: for the scales of norms. */
export const ones = (): Initialiser => ({ ...constant(1), name: "ones", tex: "1" });

/** Uniform between two bounds, default −0.05 and 0.05. */
export const uniform = ({ low = -0.05, high = 0.05 }: { low?: number; high?: number } = {}): Initialiser => ({
  name: "uniform",
  aliases: [],
  tex: "U(a, b)",
  source: "",
  draw: (key, { shape }) => uniformNumbers(key, shape, { low, high }),
});

/** Normal, default with mean 0 and standard deviation 0.05. */
export const normal = ({ mean = 0, std = 0.05 }: NormalOptions = {}): Initialiser => ({
  name: "normal",
  aliases: ["gaussian"],
  tex: String.raw`N(\mu, \sigma^2)`,
  source: "",
  draw: (key, { shape }) => normalNumbers(key, shape, { mean, std }),
});

/** Normal cut at two standard deviations (or `low` and `high` of them) from the mean; `std`, default 0.05, is that before the cut. */
export const truncatedNormal = ({ std = 0.05, ...options }: TruncatedNormalOptions = {}): Initialiser => ({
  name: "truncatedNormal",
  aliases: [],
  tex: String.raw`N(\mu, \sigma^2) \mid |x - \mu| < 2\sigma`,
  source: "",
  draw: (key, { shape }) => truncatedNormalNumbers(key, shape, { std, ...options }),
});
