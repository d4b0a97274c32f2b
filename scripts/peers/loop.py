"""A loop in plain PyTorch over seeds and steps; with `--channels-last`, in the other memory format."""

import sys

import torch
import torch.nn.functional as F
from common import END, START, ResNet, arguments, images, write

memory_format = torch.contiguous_format
if "--channels-last" in sys.argv:
    sys.argv.remove("--channels-last")
    memory_format = torch.channels_last

args = arguments()
x, y = images(args)
x = x.contiguous(memory_format=memory_format)
curves = []
for seed in range(args.seeds):
    torch.manual_seed(seed)
    model = ResNet(args.depth).to(memory_format=memory_format)
    optimizer = torch.optim.SGD(model.parameters(), lr=START, momentum=0.9)
    order = torch.randperm(len(x))
    losses = []
    for step in range(args.steps):
        batch = order[step * args.batch_size : (step + 1) * args.batch_size]
        for group in optimizer.param_groups:
            group["lr"] = START * (END / START) ** (step / (args.steps - 1))
        loss = F.cross_entropy(model(x[batch]), y[batch])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    curves.append(losses)
write(args, model, curves)
