"""torch-lr-finder's `LRFinder`, once a seed."""

import torch
from common import END, START, ResNet, arguments, images, write
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torch_lr_finder import LRFinder

args = arguments()
data = TensorDataset(*images(args))
curves = []
for seed in range(args.seeds):
    torch.manual_seed(seed)
    model = ResNet(args.depth)
    optimizer = torch.optim.SGD(model.parameters(), lr=START, momentum=0.9)
    finder = LRFinder(model, optimizer, nn.CrossEntropyLoss(), device="cpu")
    loader = DataLoader(data, args.batch_size, shuffle=True, drop_last=True)
    finder.range_test(loader, end_lr=END, num_iter=args.steps, diverge_th=float("inf"))
    curves.append(finder.history["loss"])
write(args, model, curves)
