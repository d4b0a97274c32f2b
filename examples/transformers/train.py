"""LR range test of a tiny GPT-2 (two layers, random weights) on sentences that are made up here, letter by letter."""

import random
import tempfile

from transformers import GPT2Config, GPT2LMHeadModel, Trainer, TrainingArguments

import seedband  # added
from seedband.transformers import RangeTest  # added

run = seedband.range_test(steps=100, min_lr=1e-6)  # added
run.seed_everything()  # added

# The text is the same for every seed.
words = random.Random(0)
names, verbs, places = ("ann", "bob", "cleo"), ("sees", "meets", "calls"), ("at home", "in town", "by the sea")
text = "".join(" ".join(map(words.choice, (names, verbs, names, places))) + ". " for _ in range(1000))
letters = sorted(set(text))
codes = [letters.index(letter) for letter in text]
pieces = [codes[start : start + 32] for start in range(0, len(codes) - 32, 32)]
data = [{"input_ids": piece, "labels": piece} for piece in pieces]

config = GPT2Config(
    vocab_size=len(letters), n_positions=32, n_embd=32, n_layer=2, n_head=2, bos_token_id=None, eos_token_id=None
)
with tempfile.TemporaryDirectory() as folder:
    arguments = TrainingArguments(
        output_dir=folder,
        per_device_train_batch_size=16,
        seed=run.seed,  # added
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    trainer = Trainer(GPT2LMHeadModel(config), arguments, train_dataset=data)
    trainer.add_callback(RangeTest(run, trainer))  # added
    trainer.train()
