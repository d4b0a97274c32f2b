"""A loop in eager PyTorch over seeds and steps, on images that are made on the device; what scripts/gpu-check times."""

import argparse

import torch
import torch.nn.functional as F
from common import END, START, ResNet

parser = argparse.ArgumentParser()
parser.add_argument("--seeds", type=int, required=True)
parser.add_argument("--steps", type=int, required=True)
parser.add_argument("--batch-size", type=int, required=True)
parser.add_argument("--depth", type=int, required=True)
parser.add_argument("--device", required=True)
args = parser.parse_args()

x = torch.randn(max(4096, args.batch_size), 3, 32, 32, device=args.device)
y = torch.randint(0, 10, (len(x),), device=args.device)
for seed in range(args.seeds):
    torch.manual_seed(seed)
    model = ResNet(args.depth).to(args.device)
    optimizer = torch.optim.SGD(model.parameters(), lr=START, momentum=0.9)
    losses = []
    for step in range(args.steps):
        batch = torch.randint(0, len(x), (args.batch_size,), device=args.device)
        for group in optimizer.param_groups:
            group["lr"] = START * (END / START) ** (step / (args.steps - 1))
        loss = F.cross_entropy(model(x[batch]), y[batch])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
