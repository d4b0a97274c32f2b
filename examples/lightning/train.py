"""LR range test of a LightningModule on handwritten digits (8x8 pixels, in scikit-learn)."""

import lightning as L
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import seedband  # added
from seedband.lightning import RangeTest  # added


class Digits(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))

    def training_step(self, batch, batch_idx):
        x, y = batch
        return nn.functional.cross_entropy(self.net(x), y)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1, momentum=0.9)


run = seedband.range_test(steps=100, min_lr=1e-5)  # added
L.seed_everything(run.seed)  # changed: `L.seed_everything(0)` before

digits = load_digits()
data = TensorDataset(torch.tensor(digits.images / 16, dtype=torch.float32), torch.tensor(digits.target))
loader = DataLoader(data, batch_size=64, shuffle=True, drop_last=True)
trainer = L.Trainer(
    max_epochs=5,
    callbacks=[RangeTest(run)],  # added
    logger=False,
    enable_checkpointing=False,
    enable_progress_bar=False,
)
trainer.fit(Digits(), loader)
