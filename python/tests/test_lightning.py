"""The callback in real Lightning trainings, under either name of the package."""

import importlib
import math
import sys

import pytest
from fake_runner import train_request
from recorder import asked, range_test

import seedband

torch = pytest.importorskip("torch")
F = torch.nn.functional


@pytest.fixture(params=["lightning.pytorch", "pytorch_lightning"])
def pl(request, monkeypatch):
    """Lightning, as if the script had imported this one of its packages alone."""
    module = pytest.importorskip(request.param)
    for name in ("lightning.pytorch", "pytorch_lightning", "seedband.lightning"):
        if name != request.param:
            monkeypatch.delitem(sys.modules, name, raising=False)
    return module


def range_test_class():
    return importlib.import_module("seedband.lightning").RangeTest


def data():
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(64, 6, generator=generator)
    dataset = torch.utils.data.TensorDataset(x, (x[:, 0] * x[:, 1] > 0).long())
    return torch.utils.data.DataLoader(dataset, batch_size=8)


def network(pl, manual=False, log=True):
    class Net(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.net = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2))
            self.lr = 0.1
            self.automatic_optimization = not manual

        def training_step(self, batch, batch_idx):
            loss = F.cross_entropy(self.net(batch[0]), batch[1])
            if manual:
                self.optimizers().zero_grad()
                self.manual_backward(loss)
                self.optimizers().step()
            return loss

        def validation_step(self, batch, batch_idx):
            scores = self.net(batch[0])
            if log:
                self.log("val_loss", F.cross_entropy(scores, batch[1]))
                self.log("val_acc", (scores.argmax(1) == batch[1]).float().mean())

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=self.lr, momentum=0.9)

    torch.manual_seed(3)
    return Net()


def fit(pl, run, model=None, val=None, **options):
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "accelerator": "cpu"}
    quiet.update(enable_model_summary=False, num_sanity_val_steps=0, **options)
    trainer = pl.Trainer(callbacks=[range_test_class()(run)], **quiet)
    trainer.fit(model or network(pl), data(), val)
    return trainer


def losses_of_a_plain_loop(lrs, accumulate=1):
    """The same training without Lightning: the reference."""
    torch.manual_seed(3)
    net = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    losses, batches = [], []
    for lr in lrs:
        optimizer.zero_grad()
        total = 0.0
        for _ in range(accumulate):
            batches = batches or list(data())
            x, y = batches.pop(0)
            loss = F.cross_entropy(net(x), y) / accumulate
            loss.backward()
            total += loss.item()
        losses.append(total)
        optimizer.param_groups[0]["lr"] = lr
        optimizer.step()
    return losses


@pytest.mark.parametrize("manual", [False, True])
def test_losses_are_those_of_a_plain_loop(pl, manual):
    run, heard = range_test(steps=20)
    fit(pl, run, network(pl, manual), val=data())
    assert heard.end == "completed"
    assert (heard.planned, heard.epoch, heard.parameters) == (20, 8, 146)
    assert heard.lrs == [run.schedule(step) for step in range(20)]
    assert heard.losses == pytest.approx(losses_of_a_plain_loop(heard.lrs), rel=1e-6)


def test_accumulated_batches_are_one_step(pl):
    run, heard = range_test(steps=10)
    fit(pl, run, accumulate_grad_batches=2)
    assert heard.epoch == 4
    assert heard.losses == pytest.approx(losses_of_a_plain_loop(heard.lrs, accumulate=2), rel=1e-6)


def test_the_trainers_own_length_does_not_matter(pl):
    for options in ({"max_steps": 3}, {"max_epochs": 1}, {"min_epochs": 50}):
        run, heard = range_test(steps=20)
        fit(pl, run, **options)
        assert len(heard.steps) == 20


def test_losses_are_those_of_lightnings_own_lr_find(pl):
    model = network(pl)
    trainer = pl.Trainer(logger=False, enable_progress_bar=False, enable_model_summary=False, accelerator="cpu")
    found = pl.tuner.Tuner(trainer).lr_find(model, data(), min_lr=1e-4, max_lr=10.0, num_training=40)
    request = train_request(start=1e-4, end=10.0, steps=40)
    request["trial"]["recipe"]["schedule"]["spacing"] = "skip-second"
    run, heard = asked(request)
    fit(pl, run)
    recorded = found.results["loss"]
    assert found.results["lr"][: len(recorded)] == pytest.approx(heard.lrs[: len(recorded)], rel=1e-9)
    # Lightning keeps the average alone: 0.98 on the past, and a division that runs one step ahead.
    average, smoothed = 0.0, []
    for step, loss in enumerate(heard.losses):
        average = 0.98 * average + 0.02 * loss
        smoothed.append(average / (1 - 0.98 ** (step + 2)))
    assert len(recorded) > 20
    assert recorded == pytest.approx(smoothed[: len(recorded)], rel=1e-6)


def test_a_loss_that_blows_up_ends_the_fit(pl):
    run, heard = range_test(steps=200, min_lr=1e-2, max_lr=1e6, early_stop_threshold=4.0)
    fit(pl, run)
    assert heard.end == "halted"
    assert len(heard.steps) < 200


def test_a_loss_that_is_not_finite_ends_the_fit(pl):
    model = network(pl)
    whole = model.training_step
    model.training_step = lambda batch, batch_idx: whole(batch, batch_idx) * (math.nan if batch_idx == 5 else 1)
    run, heard = range_test(steps=20)
    fit(pl, run, model)
    assert (heard.end, len(heard.steps)) == ("non-finite", 6)


def test_a_training_is_validated_after_each_epoch_and_the_last_step(pl):
    run, heard = asked(train_request(training={"epochs": 2, "lr": 0.05}))
    fit(pl, run, val=data(), max_epochs=1)
    assert (heard.end, heard.planned, heard.validated) == ("completed", 16, [7, 15])
    assert all(0.4 < step.validation.loss < 1 for step in heard.steps if step.validation)
    run, heard = asked(train_request(training={"steps": 12, "lr": 0.05}))
    fit(pl, run, val=data())
    assert (heard.planned, heard.validated) == (12, [7, 11])


def test_a_validation_without_the_wanted_metrics(pl):
    run, _ = asked(train_request(training={"epochs": 1}))
    with pytest.raises(seedband.SeedbandError, match="validation_step logs no `val_loss`; log it"):
        fit(pl, run, network(pl, log=False), val=data())


def test_a_rate_that_the_module_sets_itself_is_told(pl):
    model = network(pl)

    def optimizer_step(epoch, batch_idx, optimizer, closure):
        for group in optimizer.param_groups:
            group["lr"] = 0.5
        optimizer.step(closure)

    model.optimizer_step = optimizer_step
    run, heard = range_test(steps=5)
    fit(pl, run, model)
    assert heard.lrs == [0.5] * 5


def test_a_fit_that_ends_too_early(pl):
    class Stop(pl.Callback):
        def on_train_batch_end(self, trainer, *_):
            trainer.should_stop = True

    run, heard = range_test(steps=20)
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "accelerator": "cpu"}
    trainer = pl.Trainer(callbacks=[range_test_class()(run), Stop()], enable_model_summary=False, **quiet)
    with pytest.raises(seedband.SeedbandError, match="the loop ended after 1 of 20 steps"):
        trainer.fit(network(pl), data())
    assert heard.end is None
