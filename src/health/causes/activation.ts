import { findActivation } from "../../activations/index.js";
import type { Finding } from "../diagnosis.js";
import { mismatchesOf } from "../mismatches.js";
import { deathOf, worstDead } from "../symptoms/dead-units.js";
import { percent, shown } from "../symptoms/symptom.js";
import { depthForTenfold } from "../theory/depth.js";
import { cause, when } from "./cause.js";
import { startTheory, theoryText } from "./start-theory.js";

/** χ at the best spread below which an activation itself makes gradients vanish. */
const SHRINKING = 0.65;

export const saturatingActivation = cause({
  name: "saturatingActivation",
  title: "The activation lets the gradient vanish",
  why: "A sigmoid's slope is 1/4 at most and its outputs share a large mean: each layer takes most of the gradient and most of what tells samples apart, whatever the weights are. A softmax between layers does worse.",
  advice: [
    "Take a centred activation: tanh with Glorot, SELU with LeCun initialisation.",
    "Normalise before the activation.",
    "Take ReLU or GELU with its own initialisation where layers have 16 units and more.",
  ],
  weigh(look, findings) {
    const theory = startTheory(look);
    const shrinks = theory.best !== null && theory.best < SHRINKING;
    const inside = mismatchesOf(look.subject).find((one) => one.cause === "saturatingActivation");
    const seen = findings.get("vanishing gradient") ?? findings.get("signal collapse");
    const flat = findings.get("saturation");
    const { layers } = look.history;
    const first = seen?.layer ?? layers.find(({ head, activation }) => !head && activation !== null)?.path ?? null;
    const argument = `Even with the best weights this activation multiplies ‖δ‖² by ${shown(theory.best ?? Number.NaN)} per layer.${theoryText(theory)}`;
    return [
      when(shrinks && seen !== null, 0.85, argument, first),
      when(shrinks && seen === null && layers.length > 2 && look.course.rho > 0.9, 0.4, argument, first),
      inside === undefined ? null : { weight: 0.85, argument: inside.text, layer: inside.layer },
      when(flat !== null && findings.by("initialisation", "spread over gain") === null, 0.35, flat?.evidence ?? "", flat?.layer),
    ];
  },
});

export const explodingActivation = cause({
  name: "explodingActivation",
  title: "The activation grows too fast",
  why: "An exponential of an exponential is beyond every float after a few layers, and no clipping of gradients can help the way forward.",
  advice: ["Take an activation that grows no faster than its input: ELU, softplus, GELU, ReLU."],
  weigh(look, findings) {
    const steep = look.history.layers.find(({ head, activation }) => !head && activation !== null && growsFast(activation.title));
    const seen = findings.get("non-finite numbers") ?? findings.get("exploding gradient") ?? findings.get("divergence");
    if (steep === undefined) return [];
    const argument = `${steep.activation?.title} grows faster than any straight line, behind layer ${steep.path} first.`;
    return [
      when(seen !== null, 0.9, argument, steep.path),
      when(seen === null && look.course.rho > 0.9, 0.5, argument, steep.path),
    ];
  },
});

const growsFast = (title: string): boolean => {
  const facts = findActivation(title)?.facts;
  return facts?.kind === "pointwise" && facts.lipschitz === Infinity;
};

/** Layers from which on a plain network is called deep. */
const DEEP = 12;

export const tooDeep = cause({
  name: "tooDeep",
  title: "The network is too deep for what it is made of",
  why: "A factor that is harmless in a layer is not in thirty of them; narrow layers add chance, and rectifiers may be asleep in a whole layer. Batch norm alone lets gradients of ReLUs grow by 1.2 per layer.",
  advice: ["Add residual connections, together with a norm.", "Take fewer layers, or wider ones."],
  weigh(look, findings) {
    const { layers } = look.history;
    if (layers.length < 6) return [];
    const theory = startTheory(look);
    const ratio = findings.get("vanishing gradient") ?? findings.get("exploding gradient");
    const bornDead = bornDeadShare(look) > 0.5;
    const mild = Math.abs(Math.log(theory.measured)) < 0.5;
    const plain = look.subject.residual !== "plain";
    const tenfold = `${layers.length} layers, and the gradient changes tenfold in ${shown(depthForTenfold(theory.measured))}.`;
    return [
      when(ratio !== null && ofLayers(ratio) && mild && layers.length >= DEEP && plain, 0.7, tenfold, ratio?.layer),
      when(
        bornDead,
        0.55,
        `Rectifiers of ${layers.length} narrow layers were asleep from the start.`,
        findings.get("dead units")?.layer,
      ),
      when(
        layers.length >= DEEP && look.course.rho > 0.9 && plain,
        0.4,
        `${layers.length} layers without a way past them.`,
        layers[0].path,
      ),
    ];
  },
});

/** A ratio between layers, not between steps. */
const ofLayers = ({ measured }: Finding): boolean => measured.name.startsWith("R_");

const bornDeadShare = (look: Parameters<typeof worstDead>[0]): number => {
  const worst = worstDead(look);
  return worst !== null && deathOf(look, worst.place).born ? worst.share : 0;
};

export const deadUnits = cause({
  name: "deadUnits",
  title: "Rectifiers have died",
  why: "Where a rectifier is 0 its slope is 0 too: a unit that is asleep for every sample gets no gradient and cannot wake up.",
  advice: [
    "Take a tenth of the learning rate, or clip gradients to length 1.",
    "Take leaky ReLU, ELU or GELU, which have a slope below 0.",
    "Standardise the inputs; widen the layers where units are asleep from the start.",
  ],
  weigh(_look, findings) {
    const seen = findings.get("dead units");
    if (seen === null) return [];
    const fatal = seen.measured.value > 0.95;
    return [
      when(seen.critical, fatal ? 0.65 : 0.5, seen.evidence, seen.layer),
      when(!seen.critical, 0.3, `${percent(seen.measured.value)} of a layer's units are dead.`, seen.layer),
    ];
  },
});
