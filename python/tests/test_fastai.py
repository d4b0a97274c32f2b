"""The callback in real fastai trainings."""

import math

import pytest
from fake_runner import RAW_STOP, train_request
from recorder import asked, range_test

import seedband

torch = pytest.importorskip("torch")
pytest.importorskip("fastai")

from fastai.basics import DataLoader, DataLoaders, Learner, accuracy
from fastai.callback.schedule import lr_find  # noqa: F401  (adds `Learner.lr_find`)
from fastai.callback.training import GradientAccumulation

from seedband.fastai import RangeTest

F = torch.nn.functional


def learner(tmp_path, metrics=None, splitter=None):
    torch.manual_seed(3)
    x = torch.randn(64, 6)
    dataset = list(zip(x, (x[:, 0] * x[:, 1] > 0).long()))
    loaders = [DataLoader(dataset, bs=8, shuffle=shuffle, num_workers=0) for shuffle in (False, False)]
    net = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2))
    options = {"splitter": splitter} if splitter else {}
    learn = Learner(
        DataLoaders(*loaders), net, loss_func=F.cross_entropy, metrics=metrics, path=tmp_path, lr=0.1, **options
    )
    learn.remove_cb(learn.progress) if hasattr(learn, "progress") else None
    return learn


def test_losses_are_those_of_fastais_own_lr_find(tmp_path):
    learn = learner(tmp_path)
    raw = []

    class Keep(type(learn.recorder).__mro__[1]):
        def after_loss(self):
            raw.append(self.loss.item())

    learn.add_cb(Keep())
    learn.lr_find(start_lr=1e-4, end_lr=10, num_it=40, show_plot=False, suggest_funcs=())
    run, heard = range_test(steps=40, max_lr=10.0)
    learner(tmp_path).fit(1, cbs=RangeTest(run))
    assert len(raw) > 20
    assert heard.losses[: len(raw)] == raw
    assert learn.recorder.lrs == pytest.approx(heard.lrs[: len(raw)], rel=1e-9)


def test_the_fit_is_as_long_as_the_run(tmp_path):
    run, heard = range_test(steps=20)
    learn = learner(tmp_path)
    learn.fit(1, cbs=RangeTest(run))
    assert (heard.end, heard.planned, heard.epoch, heard.parameters) == ("completed", 20, 8, 146)
    assert heard.lrs == [run.schedule(step) for step in range(20)]


def test_accumulated_batches_are_one_step(tmp_path):
    run, heard = range_test(steps=6)
    learner(tmp_path).fit(3, cbs=[RangeTest(run), GradientAccumulation(n_acc=16)])
    assert (heard.end, len(heard.steps)) == ("completed", 6)
    # Before the first update, each step's loss is the mean over the first two batches.
    learn = learner(tmp_path)
    losses = [learn.loss_func(learn.model(x), y).item() for x, y in list(learn.dls.train)[:2]]
    assert heard.losses[0] == pytest.approx(sum(losses) / 2, rel=1e-6)


def test_groups_keep_their_ratio_to_the_last(tmp_path):
    def splitter(net):
        return [list(net[0].parameters()), list(net[2].parameters())]

    run, heard = range_test(steps=5)
    learn = learner(tmp_path, splitter=splitter)
    learn.fit(1, lr=[1e-4, 1e-2], cbs=RangeTest(run))
    assert heard.lrs == [run.schedule(step) for step in range(5)]
    assert learn.opt.hypers[0]["lr"] == pytest.approx(run.schedule(4) / 100)


def test_early_stops_and_losses_that_are_not_finite_end_the_fit(tmp_path):
    run, heard = asked(train_request(steps=200, start=1e-2, end=1e6, early_stops=[RAW_STOP]))
    learner(tmp_path).fit(1, cbs=RangeTest(run))
    assert heard.end == "halted"
    run, heard = range_test(steps=200, min_lr=1e-2, max_lr=1e30)
    learner(tmp_path).fit(1, cbs=RangeTest(run))
    assert heard.end == "non-finite"


def test_a_training_is_validated_after_each_epoch_and_the_last_step(tmp_path):
    run, heard = asked(train_request(training={"epochs": 2, "lr": 0.05}))
    learner(tmp_path, metrics=accuracy).fit(1, cbs=RangeTest(run))
    assert (heard.end, heard.planned, heard.validated) == ("completed", 16, [7, 15])
    assert all(0.3 < step.validation.loss < 1 for step in heard.steps if step.validation)
    run, heard = asked(train_request(training={"steps": 12, "lr": 0.05}))
    learner(tmp_path, metrics=accuracy).fit(1, cbs=RangeTest(run))
    assert (heard.planned, heard.validated) == (12, [7, 11])


def test_a_training_may_be_validated_by_its_loss_alone(tmp_path):
    for metrics, is_share in ((None, False), (accuracy, True)):
        run, heard = asked(train_request(training={"epochs": 1}))
        learner(tmp_path, metrics=metrics).fit(1, cbs=RangeTest(run))
        assert math.isfinite(heard.steps[-1].validation.loss)
        assert (heard.steps[-1].validation.accuracy is not None) == is_share


def test_a_one_cycle_policy_moves_the_momentum(tmp_path):
    policy = {"kind": "one-cycle", "momentum": [0.85, 0.95]}
    run, heard = asked(train_request(training={"epochs": 1, "policy": policy}))
    momenta = []

    class Keep(RangeTest):
        def before_step(self):
            super().before_step()
            momenta.append(self.opt.hypers[0]["mom"])

    learner(tmp_path, metrics=accuracy).fit(1, cbs=Keep(run))
    assert heard.end == "completed"
    assert momenta[0] == pytest.approx(0.95, abs=0.01)
    assert min(momenta) < 0.87


def test_what_cannot_be_done_is_said(tmp_path):
    run, _ = asked(train_request(training={"epochs": 1}))
    with pytest.raises(seedband.SeedbandError, match="the learner has no metric `top_k`; give it metrics=top_k"):
        learner(tmp_path, metrics=accuracy).fit(1, cbs=RangeTest(run, accuracy="top_k"))
    run, _ = asked(train_request(validate_every=2))
    with pytest.raises(seedband.BadStudyError, match="fastai validates after epochs alone"):
        learner(tmp_path).fit(1, cbs=RangeTest(run))
