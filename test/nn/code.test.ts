import assert from "node:assert/strict";
import { test } from "node:test";
import * as activations from "../../src/activations/index.js";
import * as models from "../../src/models/index.js";
import * as nn from "../../src/nn/index.js";

const { gelu, leakyRelu, relu } = activations;

/** Builds a model from its code, with nothing but the library at hand. */
function built(text: string): nn.Layer {
  const scope: Readonly<Record<string, unknown>> = { ...activations, ...nn, ...models };
  const names = Object.keys(scope).filter((name) => /^\w+$/.test(name));
  return new Function(...names, `return ${text}`)(...names.map((name) => scope[name])) as nn.Layer;
}

const rows = (model: nn.Layer): unknown => [
  model.title,
  nn.parametersOf(model).map(({ path, shape, trained }) => `${path} ${shape.join(" ")} ${trained}`),
];

const bert = { vocabulary: 20, width: 8, layers: 1, heads: 2, positions: 6, dropout: 0.2 };
const made: Readonly<Record<string, nn.Layer>> = {
  linear: nn.linear(3, 4, { bias: false, init: "heNormal" }),
  rows: nn.sequential(nn.linear(4, 8), gelu, nn.dropout(0.1), nn.layerNorm(8, { epsilon: 1e-3 }), nn.linear(8, 2)),
  activations: nn.sequential(nn.linear(4, 4), leakyRelu.with({ alpha: 0.2 }), nn.learned(leakyRelu, { channels: 4 }), nn.randomised(leakyRelu, { alpha: [0.1, 0.3] })), // biome-ignore format: one line
  images: nn.sequential(
    nn.unflatten([1, 12, 12]),
    nn.conv2d(1, 4, 3, { padding: "same", stride: [1, 2], bias: false }),
    nn.batchNorm(4, { momentum: 0.3 }),
    relu,
    nn.maxPool2d(2, { ceilMode: true }),
    nn.residual(nn.sequential(nn.depthwiseConv2d(4, 3, { padding: 1 }), nn.groupNorm(2, 4))),
    nn.residual(nn.conv2d(4, 6, 1), { shortcut: nn.conv2d(4, 6, 1) }),
    nn.convTranspose2d(6, 4, 2, { stride: 2 }),
    nn.instanceNorm(4, { affine: true }),
    nn.upsample({ scale: 2 }),
    nn.averagePool2d([2, 3]),
    nn.adaptiveAveragePool([3, 2]),
    nn.spatialDropout(0.2),
    nn.stochasticDepth(0.1),
    nn.globalMaxPool(),
    nn.frozen(nn.linear(4, 3)),
  ),
  sequences: nn.sequential(
    nn.embedding(9, 8, { padding: 0 }),
    nn.sinusoidalPositions(),
    nn.learnedPositions(5, 8),
    nn.transformerEncoder(8, { heads: 2, layers: 2, causal: true }),
    nn.multiHeadAttention(8, { heads: 4 }),
    nn.transformerEncoderLayer(8, { heads: 2, norm: "post" }),
    nn.rnn(8, 6, { activation: "relu" }),
    nn.lstm(6, 4, { bidirectional: true, forgetBias: 0 }),
    nn.gru(8, 3, { returns: "last" }),
    nn.rmsNorm(3),
    nn.alphaDropout(0.1),
  ),
  cnn: models.cnn({ image: [1, 8, 8], classes: 3, channels: [2], hidden: [4] }),
  resnet: models.resnet({ image: [1, 8, 8], classes: 3, channels: [2, 4], dropDepth: 0.1 }),
  "vision Transformer": models.visionTransformer({ image: [1, 8, 8], classes: 3, patch: 4, width: 8, layers: 1 }),
  "language model": models.languageModel({ kind: "gru", symbols: 5, width: 8 }) as nn.Layer,
  "sequence to sequence": models.sequenceToSequence({ symbols: 6, sourceLength: 3, targetLength: 3, width: 8, heads: 2 }) as nn.Layer, // biome-ignore format: one line
  bert: models.bertForPretraining({ ...bert, length: 6 }) as nn.Layer,
  classifier: models.bertClassifier(bert, 3) as nn.Layer,
  spans: models.bertSpans(bert) as nn.Layer,
  "skip-gram": models.skipGram(5, 3) as nn.Layer,
};

for (const [name, model] of Object.entries(made)) {
  test(`the code of a model builds the same model: ${name}`, () => {
    const text = nn.code(model);
    const again = built(text);
    assert.deepEqual(rows(again), rows(model), text);
    assert.equal(nn.code(again), text);
  });
}

test("code is written with shapes and numbers of parameters behind it, and is still code", () => {
  const model = nn.sequential(nn.linear(64, 128), gelu, nn.residual(nn.sequential(nn.linear(128, 128), relu)), nn.linear(128, 10)); // biome-ignore format: one line
  const text = nn.code(model, [64]);
  assert.equal(
    text,
    [
      "sequential(",
      "  linear(64, 128),                               // (batch 128), 8,320",
      "  gelu,                                          // (batch 128)",
      "  residual(sequential(linear(128, 128), relu)),  // (batch 128), 16,512",
      "  linear(128, 10),                               // (batch 10), 1,290",
      ")                                                // (batch 10), 26,122",
    ].join("\n"),
  );
  assert.deepEqual(rows(built(text)), rows(model));
  assert.equal(nn.code(nn.sequential(nn.flatten(), relu)), "sequential(flatten(), relu)");
  assert.equal(nn.code(nn.sequential()), "sequential()");
  assert.match(nn.code(nn.sequential((x) => x)), /…/);
  assert.match(nn.code(nn.embedding(5, 8), [3], { dtype: "int32" }), /^embedding\(5, 8\) {2}\/\/ \(batch 3 8\), 40$/);
});
