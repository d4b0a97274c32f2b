"""A transformer of two layers, letter by letter, on the text of Python's own help topics, with AdamW."""


import torch
from torch import nn
from torch.nn import functional as F

import seedband

CONTEXT, WIDTH = 32, 32


class Transformer(nn.Module):
    def __init__(self, letters: int):
        super().__init__()
        self.letter = nn.Embedding(letters, WIDTH)
        self.place = nn.Embedding(CONTEXT, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 2, 4 * WIDTH, dropout=0.0, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(WIDTH)
        self.out = nn.Linear(WIDTH, letters)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(CONTEXT), persistent=False)

    def forward(self, codes):
        x = self.letter(codes) + self.place.weight
        return self.out(self.norm(self.layers(x, mask=self.mask, is_causal=True)))


def pieces():
    """Pieces of 33 letters, nine of ten for training and the rest for validation, and the number of letters."""
    from pydoc_data.topics import topics

    text = "".join(text for _, text in sorted(topics.items()))
    letters = sorted(set(text))
    code = {letter: place for place, letter in enumerate(letters)}
    codes = torch.tensor([code[letter] for letter in text])
    rows = codes[: len(codes) // (CONTEXT + 1) * (CONTEXT + 1)].view(-1, CONTEXT + 1)
    held_out = torch.arange(len(rows)) % 10 == 0
    return rows[~held_out], rows[held_out][:500], len(letters)


def train(run, data=[]):
    torch.set_num_threads(1)
    if not data:
        data.extend(pieces())
    rows, held_out, letters = data
    torch.manual_seed(run.seeds.weights)
    model = Transformer(letters)
    optimizer = torch.optim.AdamW(model.parameters())
    order = torch.Generator().manual_seed(run.seeds.order)
    sampler = torch.utils.data.RandomSampler(rows, generator=order)
    loader = torch.utils.data.DataLoader(rows, batch_size=16, sampler=sampler, drop_last=True)

    def loss_of(batch):
        return F.cross_entropy(model(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())

    for batch in run.batches(loader):
        optimizer.zero_grad()
        loss = loss_of(batch)
        run.step(optimizer, loss)
        loss.backward()
        optimizer.step()
        if run.validation_due:
            with torch.no_grad():
                right = (model(held_out[:, :-1]).argmax(2) == held_out[:, 1:]).float().mean()
                run.validate(loss_of(held_out), right)


if __name__ == "__main__":
    seedband.serve(train)
