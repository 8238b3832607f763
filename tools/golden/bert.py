"""A small BERT of random weights as Hugging Face's transformers writes and runs it, twenty steps of its pretraining, and word pieces.

    python tools/golden/bert.py
"""
import os
import sys
import tempfile

import torch

here = sys.path.pop(0)  # What stands beside this file must not pass for a package that transformers looks for.
import transformers
from safetensors.torch import save_file
from transformers import BertConfig, BertForPreTraining, BertTokenizer

sys.path.insert(0, here)

from record import tensor, versions, write

torch.manual_seed(53)
CONFIG = dict(
    vocab_size=29, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24, max_position_embeddings=10,
    type_vocab_size=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, layer_norm_eps=1e-12, hidden_act="gelu",
)
BATCH, LENGTH, PLACES, STEPS = 3, 8, 2, 20

model = BertForPreTraining(BertConfig(**CONFIG, attn_implementation="eager")).to(torch.float32)
for value in model.parameters():
    torch.nn.init.normal_(value, std=0.3)
model.tie_weights()
kept = {name: value.clone().contiguous() for name, value in model.state_dict().items() if not name.startswith("cls.predictions.decoder")}
save_file(kept, "test/golden/bert.safetensors", metadata={"format": "pt"})
model = model.to(torch.float64).eval()


def batch(step):
    generator = torch.Generator().manual_seed(step)
    tokens = torch.randint(0, CONFIG["vocab_size"], (BATCH, LENGTH), generator=generator)
    mask = torch.ones(BATCH, LENGTH, dtype=torch.int64)
    mask[1, 6:] = 0
    segments = torch.zeros(BATCH, LENGTH, dtype=torch.int64)
    segments[:, 4:] = 1
    places = torch.stack([torch.randperm(6, generator=generator)[:PLACES] for _ in range(BATCH)])
    words = torch.randint(0, CONFIG["vocab_size"], (BATCH, PLACES), generator=generator)
    words[2, 1] = -100
    follows = torch.randint(0, 2, (BATCH,), generator=generator)
    return tokens, segments, mask, places, words, follows


def labels(places, words):
    full = torch.full((BATCH, LENGTH), -100, dtype=torch.int64)
    return full.scatter(1, places, words)


def call(tokens, segments, mask, **rest):
    return model(input_ids=tokens, token_type_ids=segments, attention_mask=mask, output_hidden_states=True, **rest)


whole = lambda x: tensor(x.to(torch.int32).numpy())
tokens, segments, mask, places, words, follows = batch(0)
out = call(tokens, segments, mask)
pooled = model.bert(input_ids=tokens, token_type_ids=segments, attention_mask=mask).pooler_output
scores = {
    "tokens": whole(tokens), "segments": whole(segments), "mask": whole(mask),
    "hidden": tensor(out.hidden_states[-1].detach().numpy()), "pooled": tensor(pooled.detach().numpy()),
    "wordScores": tensor(out.prediction_logits.detach().numpy()), "nextScores": tensor(out.seq_relationship_logits.detach().numpy()),
}

optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
steps = []
for step in range(STEPS):
    tokens, segments, mask, places, words, follows = batch(step)
    optimizer.zero_grad()
    loss = call(tokens, segments, mask, labels=labels(places, words), next_sentence_label=follows).loss
    loss.backward()
    optimizer.step()
    steps.append({
        "inputs": whole(torch.cat([tokens, segments, mask, places], dim=1)),
        "targets": whole(torch.cat([words, follows[:, None]], dim=1)),
        "loss": loss.item(),
    })

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "whale", "swim", "##s", "##ming", "un", "##aff", "##able", "cafe", ",", ".", "!", "'", "t", "don", "中", "##e", "a", "##b"]
folder = tempfile.mkdtemp()
with open(os.path.join(folder, "vocab.txt"), "w", encoding="utf-8") as file:
    file.write("\n".join(VOCABULARY))
tokenizer = BertTokenizer.from_pretrained(folder, do_lower_case=True)
assert tokenizer.get_vocab()["whale"] == VOCABULARY.index("whale")
TEXTS = ["The whale swims.", "unaffable whales,swimming!", "Café don't 中中 whale", "", "  the\tthe\n", "zebra", "a" * 101, "ab aB ABB", "the\u00a0whale\u200b", "[MASK] whale [SEP]"]
pieces = [{"text": text, "tokens": tokenizer.tokenize(text), "ids": tokenizer(text, add_special_tokens=False)["input_ids"]} for text in TEXTS]

write("test/golden/bert.json", {"config": [CONFIG], "scores": [scores], "steps": steps, "vocabulary": [VOCABULARY], "pieces": pieces}, versions(torch, transformers), "tools/golden/bert.py")
