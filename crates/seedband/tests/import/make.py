"""Makes the fixtures beside it with the libraries themselves; README.md says how to call it."""

import glob
import json
import os
import shutil
import sys

import torch
from torch import nn

STEPS = 50
HERE = os.path.dirname(os.path.abspath(__file__))


def data(seed):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(256, 8, generator=generator)
    y = x @ torch.randn(8, 1, generator=generator) + 0.3 * torch.randn(256, 1, generator=generator)
    return torch.utils.data.TensorDataset(x, y)


def loader(seed):
    torch.manual_seed(seed)
    return torch.utils.data.DataLoader(data(7), batch_size=16, shuffle=True)


def model(seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))


class Watched(nn.MSELoss):
    """The loss, which keeps what it has been: the raw losses."""

    def __init__(self):
        super().__init__()
        self.raw = []

    def forward(self, prediction, target):
        loss = super().forward(prediction, target)
        if torch.is_grad_enabled():
            self.raw.append(loss.item())
        return loss


def write(name, value):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(value, file)
        file.write("\n")


def fastai(seed):
    import fastai.callback.schedule  # adds `lr_find` to `Learner`
    from fastai.learner import DataLoaders, Learner
    from fastai.optimizer import SGD

    loss = Watched()
    train = loader(seed)
    learn = Learner(DataLoaders(train, train), model(seed), loss_func=loss, opt_func=SGD)
    learn.lr_find(start_lr=1e-5, end_lr=10, num_it=STEPS, show_plot=False, suggest_funcs=None)
    losses = [float(loss) for loss in learn.recorder.losses]
    write(f"fastai-seed{seed}.json", {"lrs": [float(lr) for lr in learn.recorder.lrs], "losses": losses})
    write(f"fastai-seed{seed}.raw.json", loss.raw[: len(losses)])


def lightning(seed):
    import lightning as L
    from lightning.pytorch.tuner import Tuner

    loss = Watched()

    class Module(L.LightningModule):
        def __init__(self):
            super().__init__()
            self.model, self.lr = model(seed), 1e-3

        def training_step(self, batch, _):
            return loss(self.model(batch[0]), batch[1])

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=self.lr)

    trainer = L.Trainer(
        accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False, max_epochs=100
    )
    found = Tuner(trainer).lr_find(Module(), loader(seed), min_lr=1e-5, max_lr=1, num_training=STEPS)
    write(f"lightning-seed{seed}.json", found.results)
    write(f"lightning-seed{seed}.raw.json", loss.raw[: len(found.results["loss"])])


def lightning_csv(seed):
    """What `CSVLogger` and `LearningRateMonitor` write."""
    import lightning as L
    from lightning.pytorch.callbacks import LearningRateMonitor
    from lightning.pytorch.loggers import CSVLogger

    class Module(L.LightningModule):
        def __init__(self):
            super().__init__()
            self.model = model(seed)

        def training_step(self, batch, _):
            loss = nn.functional.mse_loss(self.model(batch[0]), batch[1])
            self.log("train_loss", loss)
            return loss

        def configure_optimizers(self):
            optimizer = torch.optim.SGD(self.parameters(), lr=1e-4)
            schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 1.2)
            return [optimizer], [{"scheduler": schedule, "interval": "step"}]

    trainer = L.Trainer(
        accelerator="cpu", logger=CSVLogger("/tmp/import-csv"), enable_checkpointing=False, enable_progress_bar=False,
        max_epochs=2, log_every_n_steps=1, callbacks=[LearningRateMonitor("step")], enable_model_summary=False,
    )
    trainer.fit(Module(), loader(seed))
    shutil.copy(os.path.join(trainer.logger.log_dir, "metrics.csv"), os.path.join(HERE, f"lightning-metrics-seed{seed}.csv"))


def torch_lr_finder(seed):
    from torch_lr_finder import LRFinder

    loss = Watched()
    network = model(seed)
    finder = LRFinder(network, torch.optim.SGD(network.parameters(), lr=1e-5), loss, device="cpu")
    finder.range_test(loader(seed), end_lr=10, num_iter=STEPS)
    write(f"torch-lr-finder-seed{seed}.json", finder.history)
    write(f"torch-lr-finder-seed{seed}.raw.json", loss.raw[: len(finder.history["loss"])])


def rates():
    return [1e-5 * (1.0 / 1e-5) ** (step / (STEPS - 1)) for step in range(STEPS)]


def losses(seed):
    """A plain range test by hand."""
    network, batches, found = model(seed), iter([]), []
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-5)
    batches_again = loader(seed)
    for lr in rates():
        batch = next(batches, None)
        if batch is None:
            batches = iter(batches_again)
            batch = next(batches)
        optimizer.param_groups[0]["lr"] = lr
        loss = nn.functional.mse_loss(network(batch[0]), batch[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def move(folder, name):
    (event_file,) = glob.glob(os.path.join(folder, "events*"))
    shutil.move(event_file, os.path.join(HERE, name))
    shutil.rmtree(folder)


def tensorboard_x(seed):
    from tensorboardX import SummaryWriter

    folder = f"/tmp/import-tensorboardx-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    writer = SummaryWriter(folder)
    for step, (lr, loss) in enumerate(zip(rates(), losses(seed))):
        writer.add_scalar("train/lr", lr, step)
        writer.add_scalar("train/loss", loss, step)
    writer.close()
    move(folder, f"tensorboardx-seed{seed}.tfevents")


def tensorflow(seed):
    import tensorflow as tf

    folder = f"/tmp/import-tensorflow-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    writer = tf.summary.create_file_writer(folder)
    with writer.as_default():
        for step, (lr, loss) in enumerate(zip(rates(), losses(seed))):
            tf.summary.scalar("learning_rate", lr, step)
            tf.summary.scalar("loss", tf.constant(loss, tf.float64), step)
    writer.close()
    move(folder, f"tensorflow-seed{seed}.tfevents")


if __name__ == "__main__":
    known = [fastai, lightning, lightning_csv, torch_lr_finder, tensorboard_x, tensorflow]
    wanted = sys.argv[1:] or [maker.__name__ for maker in known]
    for maker in known:
        if maker.__name__ in wanted:
            for seed in (1, 2):
                maker(seed)
    write("by-hand.raw.json", {"lr": rates(), "loss": {str(seed): losses(seed) for seed in (1, 2)}})
