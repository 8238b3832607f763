import { largestUpdate, medianIn, startsHealthy } from "../derived.js";
import { medianOf } from "../loss-course.js";
import { mismatchesOf } from "../mismatches.js";
import { deathOf, worstDead } from "../symptoms/dead-units.js";
import { fallOf } from "../symptoms/slow-learning.js";
import { shown } from "../symptoms/symptom.js";
import { cause, type Findings, when } from "./cause.js";

/** Steps from which on a breakdown is called one of training, not of the start. */
const LATER = 3;

/** A step that leaves nothing of the weights that it found. */
const THROWN = 2;

/** Whether the data or the start make gradients too long for any usual rate. */
const provoked = (findings: Findings): boolean => {
  const start = findings.by("initialisation", "spread over gain");
  const wide = start?.critical === true && start.measured.value > 1;
  return (
    wide || findings.by("data scale", "input scale") !== null || findings.by("data scale", "target scale")?.critical === true
  );
};

export const highLearningRate = cause({
  name: "highLearningRate",
  title: "The learning rate is too high",
  why: "Steps are longer than the curvature allows: the loss jumps from side to side or leaves for good, and one long step may put every rectifier to sleep.",
  advice: [
    "Take a third to a tenth of the learning rate.",
    "Clip gradients to length 1.",
    "Take Adam, whose steps do not grow with the gradient.",
    "Let the rate rise over the first steps.",
  ],
  weigh(look, findings) {
    const updates = findings.get("update size");
    const large = updates !== null && updates.measured.value > updates.measured.limit && updates.measured.limit >= 0.1;
    const gone = findings.get("divergence") ?? findings.get("non-finite numbers");
    const incited = provoked(findings);
    const well = startsHealthy(look) && !incited;
    const later = gone !== null && gone.step >= LATER;
    const dead = worstDead(look);
    const death = dead !== null && dead.share > 0.5 ? deathOf(look, dead.place) : null;
    const wobble = findings.get("oscillation");
    const steep = findings.get("curvature");
    const spike = findings.by("exploding gradient", "gradient spike");
    const thrown = largestUpdate(look);
    return [
      when(large, incited ? 0.45 : updates?.critical ? 0.8 : 0.65, updates?.evidence ?? ""),
      when(gone !== null && later, well ? 0.8 : 0.45, `It went well until step ${gone?.step}: what broke is not the start.`),
      when(gone !== null && !later, well ? 0.5 : 0.25, "The loss is lost within the first steps."),
      when(
        death !== null && !death.born,
        well ? 0.8 : 0.5,
        `Units died at step ${death?.step}, at a learning rate of ${shown(death?.rate ?? 0)}, and were alive before.`,
        findings.get("dead units")?.layer,
      ),
      when(
        thrown.size > THROWN,
        incited ? 0.4 : 0.75,
        `Step ${thrown.step} changed the weights by ${shown(thrown.size)} times their size.`,
      ),
      when(wobble !== null && look.subject.batchSize > 4, wobble?.critical ? 0.65 : 0.5, wobble?.evidence ?? ""),
      when(wobble !== null && look.subject.batchSize <= 4, 0.4, wobble?.evidence ?? ""),
      ...mismatchesOf(look.subject)
        .filter((one) => one.cause === "highLearningRate")
        .map(({ text }) => ({ weight: 0.6, argument: text })),
      when(steep !== null && (gone !== null || wobble !== null), 0.9, steep?.evidence ?? ""),
      when(spike?.critical === true && look.course.state !== "learned", 0.45, spike?.evidence ?? ""),
    ];
  },
});

export const lowLearningRate = cause({
  name: "lowLearningRate",
  title: "The learning rate is too low",
  why: "Weights hardly move: the loss comes down so slowly that the training ends long before it is down.",
  advice: [
    "Take ten times the learning rate: weights should move by about a thousandth per step.",
    "Take Adam in place of plain descent.",
  ],
  weigh(look, findings) {
    const updates = findings.get("update size");
    const small = updates !== null && updates.measured.limit < 1e-2;
    const fades = findings.get("vanishing gradient") !== null || findings.get("gradient not flowing") !== null;
    const slow = findings.get("slow learning");
    // Steps that became small when the training broke are its consequence.
    const always = !(medianIn(look.early, (frame) => medianOf(frame.updates)) > 10 * (updates?.measured.limit ?? 0));
    return [
      when(small && !fades && always, updates?.critical ? 0.85 : 0.7, updates?.evidence ?? ""),
      when(small && (fades || !always), 0.3, updates?.evidence ?? ""),
      when(slow !== null && !fades, 0.5, slow?.evidence ?? ""),
    ];
  },
});

export const tooFewSteps = cause({
  name: "tooFewSteps",
  title: "The training ends too early",
  why: "The loss is still on its way down when the budget is spent.",
  advice: ["Train for four times the steps, or until the loss on held-out data stops falling."],
  weigh(look, findings) {
    const slow = findings.get("slow learning");
    const fall = fallOf(look);
    const few = look.history.budget < 300;
    return [
      when(slow !== null, few ? 0.6 : 0.4, slow?.evidence ?? ""),
      when(
        slow === null && few && fall > 0.02 && look.course.rho > 0.7,
        0.4,
        `After ${look.history.budget} steps the loss still falls.`,
      ),
    ];
  },
});

export const smallBatch = cause({
  name: "smallBatch",
  title: "The batches are too small",
  why: "The gradient of a sample or two is mostly chance: the loss jumps about where a larger batch would come down.",
  advice: ["Take batches of 32 and more.", "Take a tenth of the learning rate; without momentum the noise is smaller too."],
  weigh(look, findings) {
    const { batchSize, optimizer } = look.subject;
    const wobble = findings.get("oscillation");
    const noise = findings.get("gradient noise");
    return [
      when(
        wobble !== null && batchSize <= 4,
        optimizer.momentum ? 0.8 : 0.75,
        `Batches have ${batchSize} samples, and the loss jumps.`,
      ),
      when(
        batchSize <= 2 && look.course.roughness > 1 && look.course.rho > 0.3,
        0.5,
        `Losses of batches of ${batchSize} scatter by ${shown(look.course.roughness)} of their level.`,
      ),
      when(noise !== null && batchSize < 32, 0.4, noise?.evidence ?? ""),
    ];
  },
});

export const noWarmup = cause({
  name: "noWarmup",
  title: "A post-norm transformer starts without warm-up",
  why: "With the norm behind the sum gradients near the output are large at the start, and Adam's first steps are as long as the rate allows: they ruin attention before it has learnt anything.",
  advice: ["Let the learning rate rise over the first steps: 100, or a twentieth of all.", "Put the norm before each branch."],
  weigh({ subject, course }, findings) {
    if (subject.residual !== "normBehind" || (subject.optimizer.warmup ?? 0) > 0) return [];
    const gone =
      findings.get("divergence") ??
      findings.get("non-finite numbers") ??
      findings.get("exploding gradient") ??
      findings.get("oscillation");
    const argument = "Norms stand behind the sums, and the learning rate is at its full height from the first step on.";
    return [when(gone !== null || course.rho > 0.6, 0.85, argument), when(gone === null && course.rho <= 0.6, 0.3, argument)];
  },
});

export const tooMuchRegularisation = cause({
  name: "tooMuchRegularisation",
  title: "The weights are held down too much",
  why: "A penalty on the weights that is larger than what the data pull with shrinks them to nothing.",
  advice: ["Take a hundredth of the weight decay, 1e-2 to 1e-4.", "Leave biases and scales of norms out of it."],
  weigh({ frames, history, subject }) {
    const { weightDecay = 0 } = subject.optimizer;
    const shrunk = history.layers.map((_, i) => (frames.at(-1)?.layers[i].weight ?? 1) / (frames[0]?.layers[i].weight || 1));
    const least = Math.min(1, ...shrunk);
    const argument = `Weight decay is ${shown(weightDecay)}, and weights end at ${shown(least)} of their length at the start.`;
    return [when(weightDecay >= 0.05 && least < 0.5, 0.8, argument), when(weightDecay >= 0.05 && least >= 0.5, 0.45, argument)];
  },
});
