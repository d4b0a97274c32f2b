"""A regression on a table: scikit-learn's diabetes data (442 people, 10 features), two dense layers, squared error."""

import torch
from torch import nn
from torch.nn import functional as F

import seedband


def halves():
    """Standardised features and target; every fifth row for validation."""
    from sklearn.datasets import load_diabetes

    table = load_diabetes(scaled=False)
    x = torch.tensor(table.data, dtype=torch.float32)
    y = torch.tensor(table.target, dtype=torch.float32)
    held_out = torch.arange(len(x)) % 5 == 0
    x = (x - x[~held_out].mean(0)) / x[~held_out].std(0)
    y = (y - y[~held_out].mean()) / y[~held_out].std()
    return (x[~held_out], y[~held_out]), (x[held_out], y[held_out])


def train(run, data=[]):
    torch.set_num_threads(1)
    if not data:
        data.extend(halves())
    rows, (held_out_x, held_out_y) = data
    torch.manual_seed(run.seeds.weights)
    model = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1), nn.Flatten(0))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    order = torch.Generator().manual_seed(run.seeds.order)
    dataset = torch.utils.data.TensorDataset(*rows)
    sampler = torch.utils.data.RandomSampler(dataset, generator=order)
    loader = torch.utils.data.DataLoader(dataset, batch_size=32, sampler=sampler, drop_last=True)
    for x, y in run.batches(loader):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        run.step(optimizer, loss)
        loss.backward()
        optimizer.step()
        if run.validation_due:
            with torch.no_grad():
                guess = model(held_out_x)
                # In place of an accuracy: the share that is off by less than half a standard deviation.
                run.validate(F.mse_loss(guess, held_out_y), ((guess - held_out_y).abs() < 0.5).float().mean())


if __name__ == "__main__":
    seedband.serve(train)
