import { nn } from "softgrad";
import { type Activation, gelu, leakyRelu, relu, silu } from "softgrad/activations";
import { box, gate, gaussian, type Kernel, laplace, logistic, mollify } from "softgrad/smooth";

/** One activation that takes part. */
export interface Setting {
  /** Under which its results are stored: "gate gaussian 0.2". */
  readonly name: string;
  /** In a table. */
  readonly title: string;
  /** Of a smoothed ReLU. */
  readonly smoothed: { readonly form: Form; readonly kernel: string; readonly width: number } | null;
  /** As a layer that asks for the same initial weights as a ReLU. */
  layer(): nn.Layer;
}

export const forms = { mollify, gate } as const;
export type Form = keyof typeof forms;

/** With the standard deviation of each at a width of 1, by which their widths can be compared. */
export const kernels: Readonly<Record<string, { readonly kernel: Kernel; readonly deviation: number }>> = {
  gaussian: { kernel: gaussian, deviation: 1 },
  logistic: { kernel: logistic, deviation: Math.PI / Math.sqrt(3) },
  laplace: { kernel: laplace, deviation: Math.SQRT2 },
  box: { kernel: box, deviation: 1 / Math.sqrt(3) },
};

/** All else the same: weights drawn for a ReLU, whatever stands in its place. */
function inPlaceOfRelu(stage: Activation | nn.Layer): nn.Layer {
  if (typeof stage !== "function") return { ...stage, gain: relu.gain };
  const { record, title } = stage;
  return nn.layer({ name: record.name, title, parameters: {}, gain: relu.gain, apply: (_, x) => stage(x) });
}

const plain = (name: string, title: string, make: () => Activation | nn.Layer): Setting => ({
  name,
  title,
  smoothed: null,
  layer: () => inPlaceOfRelu(make()),
});

const leaky = (alpha: number) => leakyRelu.with({ alpha });
const leakyMollified = (width: number): Setting =>
  plain(`mollify leaky-0.15 gaussian ${width}`, `leaky ReLU(0.15) ∗ Gaussian, width ${width}`, () =>
    mollify(leaky(0.15), { kernel: gaussian, width }),
  );

/** What all others are compared with. */
export const REFERENCE = "relu";

export const baselines: readonly Setting[] = [
  plain(REFERENCE, "ReLU", () => relu),
  plain("prelu", "PReLU, from 0.25", () => nn.learned(leaky(0.25)) as nn.Layer),
  plain("leaky-0.15", "leaky ReLU(0.15)", () => leaky(0.15)),
  plain("leaky-0.25", "leaky ReLU(0.25)", () => leaky(0.25)),
  plain("gelu", "GELU", () => gelu as Activation),
  plain("silu", "SiLU", () => silu as Activation),
];

/** The width at which SAU was published, which is a leaky ReLU but for 2e-5, and two that are no kinks any more. */
export const SAU_WIDTH = 5e-5;
export const leakySmoothed: readonly Setting[] = [SAU_WIDTH, 0.2, 1].map(leakyMollified);

/** ReLU smoothed in both forms, by every given kernel at every given width. */
export const smoothedRelu = (names: readonly string[], widths: readonly number[]): readonly Setting[] =>
  (Object.keys(forms) as Form[]).flatMap((form) =>
    names.flatMap((name) =>
      widths.map((width): Setting => {
        const { kernel } = kernels[name]!;
        return {
          name: `${form} ${name} ${width}`,
          title: `${form} ${kernel.title} ${width}`,
          smoothed: { form, kernel: name, width },
          layer: () => inPlaceOfRelu(forms[form](relu, { kernel, width }) as Activation),
        };
      }),
    ),
  );
