/**
 * Where gradients vanish and where they explode: maps of activation × depth, one for each rule of initialisation. Every row is
 * one network of 30 layers; a cell is the signal that comes back to a layer ÷ the signal that sets out from the last one.
 *
 *     npx tsx examples/health/vanishing-and-exploding.ts [folder]
 */
import { mean, mul, nn, random, type Tensor, tensor } from "softgrad";
import { type Activation, elu, gelu, leakyRelu, relu, selu, sigmoid, silu, softplus, tanh } from "softgrad/activations";
import { heatMap } from "softgrad/plot";
import { keep, short } from "./shared/show.js";
import { signalsOf } from "./shared/signals.js";

const depth = 30;
const width = 64;
const batch = 64;

const activations: readonly Activation[] = [sigmoid, softplus, tanh, relu, leakyRelu, elu, selu, gelu, silu];
const { glorotUniform, heNormal, uniform, normal } = nn.initialisers;
/** null stands for this library's default: the variance that keeps the second moment through whichever activation follows. */
const starts: readonly (readonly [title: string, init: nn.Initialiser | null])[] = [
  ["PyTorch's default: U(±1/√inputs)", uniform({ low: -1 / Math.sqrt(width), high: 1 / Math.sqrt(width) })],
  ["Glorot: variance 2/(inputs + outputs)", glorotUniform()],
  ["He: variance 2/inputs", heNormal()],
  ["softgrad's default: by the activation", null],
  ["N(0, 1)", normal({ std: 1 })],
  ["U(±0.05)", uniform()],
];

/** Numbers from a standard normal law, made at once. */
const numbers = async (seed: number): Promise<Tensor> => {
  const values = await random.normal(random.key(seed), [batch, width]).value();
  return tensor(values as number[][]);
};
const [x, y] = [await numbers(1), await numbers(2)];
/** A loss whose own gradient is the same for every network: outputs weighted with fixed numbers. */
const weighted = (outputs: Tensor, weights: Tensor): Tensor => mean(mul(outputs, weights));

const network = (activation: Activation, init: nn.Initialiser | null) =>
  nn.sequential(
    ...Array.from({ length: depth - 1 }, () => [nn.linear(width, width, { init: init ?? "auto" }), activation]).flat(),
    nn.linear(width, width, { init: init ?? "auto" }),
  );

const maps = starts.map(([title]) => ({
  title,
  rows: activations.map(({ name }) => name),
  columns: Array.from({ length: depth }, (_, layer) => String(layer + 1)),
  ratios: [] as number[][],
}));
for (const activation of activations) {
  // One graph for all rules: the parameters are its arguments.
  const measure = signalsOf(network(activation, null), weighted);
  for (const [i, [, init]] of starts.entries()) {
    const { arrives } = await measure(nn.initialise(network(activation, init), 3), x, y);
    maps[i].ratios.push(arrives.map((signal) => signal / arrives[depth - 1]));
  }
}

console.log(`signal that comes back to layer 1 ÷ that of layer ${depth}`.padEnd(42) + activations.map(({ name }) => name.padStart(10)).join("")); // biome-ignore format: one line
for (const { title, ratios } of maps) console.log(title.padEnd(42) + ratios.map(([first]) => short(first).padStart(10)).join(""));
const within = ({ ratios }: (typeof maps)[number]): number => ratios.filter(([first]) => first > 0.1 && first < 10).length;
const counts = maps.map((map) => `${map.title.split(":")[0]} ${within(map)}`).join(", ");
console.log(
  `Of ${activations.length} activations, so many bring the signal through ${depth} layers within a factor of 10: ${counts}. ` +
    "No rule suits all activations; sigmoid and softplus have none, because they are not centred on 0.",
);
keep("vanishing-and-exploding", heatMap(maps, { title: `The gradient on its way back through ${depth} layers of ${width} units`, along: "layer", theme: "light" })); // biome-ignore format: one line
