"""LR range test of a small PyTorch network on handwritten digits (8x8 pixels, in scikit-learn)."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import seedband  # added

run = seedband.range_test(steps=100, min_lr=1e-5)  # added
torch.manual_seed(run.seed)  # added

digits = load_digits()
images = torch.tensor(digits.images / 16, dtype=torch.float32).unsqueeze(1)
data = TensorDataset(images, torch.tensor(digits.target))
loader = DataLoader(data, batch_size=64, shuffle=True, drop_last=True)

model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(512, 10),
)
loss_function = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

for x, y in run.batches(loader):  # added: `for x, y in loader:` before
    optimizer.zero_grad()
    loss = loss_function(model(x), y)
    run.step(optimizer, loss)  # added
    loss.backward()
    optimizer.step()
