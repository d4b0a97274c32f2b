"""The worker's networks as ordinary PyTorch modules, with the worker's parameter names."""

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        else:
            self.shortcut = nn.Identity()

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class Resnet(nn.Module):
    """CIFAR ResNet v1 (He et al. 2015) with 1x1 projection shortcuts without batch norm."""

    def __init__(self, depth, width, classes):
        super().__init__()
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.layer1 = self.stage(blocks, width, width, 1)
        self.layer2 = self.stage(blocks, width, 2 * width, 2)
        self.layer3 = self.stage(blocks, 2 * width, 4 * width, 2)
        self.fc = nn.Linear(4 * width, classes)

    @staticmethod
    def stage(blocks, inputs, outputs, stride):
        later = [Block(outputs, outputs, 1) for _ in range(blocks - 1)]
        return nn.Sequential(Block(inputs, outputs, stride), *later)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Cnn(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(2 * width)
        self.conv3 = nn.Conv2d(2 * width, 4 * width, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.fc = nn.Linear(4 * width, classes)

    def forward(self, x):
        for conv, norm in [(self.conv1, self.bn1), (self.conv2, self.bn2), (self.conv3, self.bn3)]:
            x = F.max_pool2d(F.relu(norm(conv(x))), 2)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Mlp(nn.Module):
    def __init__(self, inputs, hidden, classes):
        super().__init__()
        units = [inputs, *hidden, classes]
        self.layers = [f"fc{number}" for number in range(1, len(units))]
        for name, pair in zip(self.layers, zip(units, units[1:])):
            self.add_module(name, nn.Linear(*pair))

    def forward(self, x):
        x = x.flatten(1)
        for name in self.layers[:-1]:
            x = F.relu(getattr(self, name)(x))
        return getattr(self, self.layers[-1])(x)


def network(model, height, width, classes):
    """The module of a recipe's table `[model]`."""
    kind = model["architecture"]
    if kind == "resnet":
        return Resnet(model["depth"], model["width"], classes)
    if kind == "cnn":
        return Cnn(model["width"], classes)
    return Mlp(3 * height * width, model["hidden"], classes)


class ZeroPadding(nn.Module):
    """The paper's shortcut without weights (option A), which the worker does not use."""

    def __init__(self, projection):
        super().__init__()
        # Kept so that the parameters stay the same; it gets no gradient.
        self.weight = projection.weight
        self.added = projection.out_channels - projection.in_channels

    def forward(self, x):
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.added)) + 0.0 * self.weight.sum()


class UnbiasedNorm(nn.BatchNorm2d):
    """Batch norm by the variance that divides by n - 1, which PyTorch uses for the running average only."""

    def forward(self, x):
        n = x.numel() // x.shape[1]
        y = F.batch_norm(x, None, None, None, None, True, 0.0, self.eps * (n - 1) / n)
        scale = self.weight * ((n - 1) / n) ** 0.5
        return y * scale[:, None, None] + self.bias[:, None, None]


def spoil(module, mistake):
    """Builds a deliberate mistake into a module."""
    for child in module.modules():
        if isinstance(child, nn.BatchNorm2d):
            if mistake == "norm-eps-of-keras":
                child.eps = 1e-3
            elif mistake == "norm-momentum-of-keras":
                child.momentum = 0.01
            elif mistake == "norm-by-unbiased-variance":
                child.__class__ = UnbiasedNorm
        elif isinstance(child, Block) and mistake == "no-projection" and isinstance(child.shortcut, nn.Conv2d):
            child.shortcut = ZeroPadding(child.shortcut)
        elif isinstance(child, nn.Conv2d) and mistake == "strided-conv-starts-one-late" and child.stride == (2, 2):
            if child.kernel_size == (3, 3):
                # TensorFlow pads a strided convolution on the right and below only.
                child.forward = lambda x, conv=child: F.conv2d(F.pad(x, (0, 1, 0, 1)), conv.weight, stride=2)
