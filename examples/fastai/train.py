"""LR range test of a fastai Learner on handwritten digits (8x8 pixels, in scikit-learn)."""

import torch
from fastai.data.core import DataLoaders
from fastai.learner import Learner
from fastai.optimizer import SGD
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import TensorDataset

import seedband  # added
from seedband.fastai import RangeTest  # added

run = seedband.range_test(steps=100, min_lr=1e-5, max_lr=100)  # added
run.seed_everything()  # added

digits = load_digits()
data = TensorDataset(torch.tensor(digits.images / 16, dtype=torch.float32), torch.tensor(digits.target))
dls = DataLoaders.from_dsets(data, data, bs=64, num_workers=0)
net = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
learn = Learner(dls, net, loss_func=nn.CrossEntropyLoss(), opt_func=SGD)
learn.fit(5, lr=0.1, cbs=RangeTest(run))  # changed: `learn.fit(5, lr=0.1)` before
