/**
 * The "+ I" of residual connections, measured. A block h → F(h) has the Jacobian F′; h → h + F(h) has F′ + I. Whatever F does, the
 * directions that F′ loses pass by it. This multiplies the Jacobians of 32 blocks and takes the singular values of the product: how much
 * a small change of the input is stretched or lost on its way, and the gradient on its way back.
 *
 *     npx tsx examples/health/residual-identity.ts [folder]
 */
import { add, compile, jacobian, nn, random, reshape, type Tensor } from "softgrad";
import { gelu } from "softgrad/activations";
import { depthChart } from "softgrad/plot";
import { keep, short } from "./shared/show.js";
import { product, singularValues } from "./shared/singular-values.js";

const depth = 32;
const width = 32;
const F = nn.sequential(nn.linear(width, width), gelu, nn.linear(width, width));
const blocks = Array.from({ length: depth }, (_, i) => nn.initialise(F, 100 + i));
type Weights = (typeof blocks)[number];

/** The three ways through a block. */
const ways: Record<string, (h: Tensor, way: (h: Tensor) => Tensor) => Tensor> = {
  "plain F(h)": (h, F) => F(h),
  "residual h + F(h)": (h, F) => add(h, F(h)),
  "residual h + F(h)/√32": (h, F) => add(h, F(h).div(Math.sqrt(depth))),
};

/** Singular values of the product of the first 1, 2, … Jacobians, largest first. */
async function through(way: (typeof ways)[string]): Promise<number[][]> {
  const block = compile((h: Tensor, weights: Weights) => {
    const f = (x: Tensor): Tensor => {
      return reshape(
        way(reshape(x, [1, width]), (y) => F.apply(weights, y, nn.context())),
        [width],
      );
    };
    return { next: f(h), slopes: jacobian(f)(h) };
  });
  let h = random.normal(random.key(9), [width]);
  let whole: number[][] | null = null;
  const values: number[][] = [];
  for (const weights of blocks) {
    const { next, slopes } = await block(h, weights);
    const here = (await slopes.value()) as number[][];
    whole = whole === null ? here : product(here, whole);
    values.push(singularValues(whole));
    h = next;
  }
  return values;
}

const measured: { name: string; values: number[][] }[] = [];
for (const [name, way] of Object.entries(ways)) {
  const values = await through(way);
  measured.push({ name, values });
  const last = values[depth - 1];
  const lost = last.filter((value) => value < 1e-3 * last[0]).length;
  console.log(`${name.padEnd(22)} largest ${short(last[0]).padStart(8)}, middle ${short(last[width / 2]).padStart(8)}; ${lost} of ${width} directions below 1/1000 of the largest`); // biome-ignore format: one line
}
console.log(
  "Plain blocks lose nearly all directions: the gradient that comes back is small and knows few of them. " +
    "With + I the directions in the middle survive, but h doubles its variance in every block and the strongest ones explode. A branch " +
    "divided by √blocks keeps all within a factor of ten.",
);
const curves = (pick: (values: readonly number[]) => number) =>
  measured.map(({ name, values }) => ({ name, values: values.map(pick) }));
keep(
  "residual-identity",
  depthChart(
    [
      { label: "largest singular value of the Jacobian up to block n", scale: "log", reference: 1, curves: curves((values) => values[0]) }, // biome-ignore format: one line
      { label: "the middle one", scale: "log", reference: 1, curves: curves((values) => values[width / 2]) },
      { label: "the smallest", scale: "log", reference: 1, curves: curves((values) => values[width - 1]) },
    ],
    { title: `${depth} blocks, with and without the + I`, along: { label: "block" }, theme: "light" },
  ),
);
