"""What all peers share: the images, the network and the range test that each of them runs once a seed.

The images are one array of bytes, made once before anything is timed, and lie in memory as floats before the first
step: nobody decodes a picture while the clock runs. A batch is drawn by index. Each peer is the plainest program that
its documentation suggests for this.
"""

import argparse
import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--depth", type=int, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    return parser.parse_args()


def images(args):
    """Normalised images `[n, 3, 32, 32]` and labels `[n]`."""
    import numpy as np

    arrays = np.load(args.data)
    x = torch.from_numpy(arrays["x"]).float().div_(255)
    mean, deviation = x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)
    return x.sub_(mean).div_(deviation), torch.from_numpy(arrays["y"])


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Module):
    """The CIFAR ResNet of depth 6n + 2 that seedband trains."""

    def __init__(self, depth):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        blocks, inputs = [], 16
        for outputs, first_stride in ((16, 1), (32, 2), (64, 2)):
            for index in range((depth - 2) // 6):
                blocks.append(Block(inputs, outputs, first_stride if index == 0 else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.fc(self.blocks(x).mean((2, 3)))


START, END = 1e-7, 10.0


def write(args, model, curves):
    """The losses of each seed, and what shows that all peers did the same work."""
    assert all(len(curve) == args.steps for curve in curves), [len(curve) for curve in curves]
    parameters = sum(parameter.numel() for parameter in model.parameters())
    args.out.write_text(json.dumps({"parameters": parameters, "curves": curves}))
