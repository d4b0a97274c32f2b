"""The network of study.toml in fastai: `python train_fastai.py FOLDER --momentum 0`."""

import argparse
from pathlib import Path

import digits
import torch
from fastai.data.core import DataLoaders
from fastai.learner import Learner
from fastai.optimizer import SGD
from fastai.torch_core import apply_init
from torch import nn
from torch.utils.data import TensorDataset

import seedband
from seedband.fastai import RangeTest

run = seedband.range_test(steps=100, min_lr=1e-5)
arguments = argparse.ArgumentParser()
arguments.add_argument("folder", type=Path)
arguments.add_argument("--momentum", type=float, default=0.0)
arguments = arguments.parse_args()

pixels, classes = map(torch.tensor, digits.read(arguments.folder))
data = TensorDataset(pixels, classes)

run.seed_everything()
dls = DataLoaders.from_dsets(data, data, bs=64, num_workers=0)
net = nn.Sequential(nn.Linear(192, 128), nn.ReLU(), nn.Linear(128, 10))
apply_init(net, nn.init.kaiming_uniform_)  # fastai's he_uniform, with biases of 0
learn = Learner(dls, net, loss_func=nn.CrossEntropyLoss(), opt_func=lambda p, lr: SGD(p, lr, mom=arguments.momentum))
learn.fit(1, cbs=RangeTest(run))
