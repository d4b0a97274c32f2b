"""`lr_find` in one process."""

import json
import sys
from pathlib import Path

import pytest

import seedband
from seedband import notebook
from seedband.errors import SeedbandError

torch = pytest.importorskip("torch")

HERE = Path(__file__).resolve().parent
F = torch.nn.functional


@pytest.fixture
def program(tmp_path, monkeypatch):
    """The fake program, started by this Python."""
    path = tmp_path / "seedband"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE / "fake_program.py"} "$@"\n')
    path.chmod(0o755)
    monkeypatch.setenv("SEEDBAND_PROGRAM", str(path))
    return path


def make_model():
    return torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))


def make_loader():
    x = torch.randn(64, 4)
    dataset = torch.utils.data.TensorDataset(x, (x[:, 0] > 0).long())
    return torch.utils.data.DataLoader(dataset, batch_size=16, shuffle=True)


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def curve(found, seed):
    return [row["loss"] for row in found if row["seed"] == seed]


def test_every_seed_has_a_curve_of_its_own(tmp_path, program):
    result = seedband.lr_find(make_model, make_loader, F.cross_entropy, torch.optim.AdamW, 3, 20, results=tmp_path)
    assert result.folder == tmp_path / "lr-find"
    assert result.answer.startswith("Use LR")
    found = rows(tmp_path / "lr-find.jsonl")
    assert [(row["seed"], row["step"]) for row in found] == [(seed, step) for seed in range(3) for step in range(20)]
    assert len({tuple(curve(found, seed)) for seed in range(3)}) == 3
    again = tmp_path / "again"
    seedband.lr_find(make_model, make_loader, F.cross_entropy, torch.optim.AdamW, [2], 20, results=again, name="net")
    assert curve(rows(again / "net.jsonl"), 2) == curve(found, 2)


def test_a_seed_that_diverges_ends_early_and_the_others_go_on(tmp_path, program):
    def loss_fn(scores, targets):
        return F.cross_entropy(scores, targets) * float("nan" if torch.initial_seed() == 1 else 1)

    sgd = torch.optim.SGD
    seedband.lr_find(make_model, make_loader, loss_fn, sgd, 2, 20, 1e-4, 1e3, tmp_path, early_stop_threshold=None)
    found = rows(tmp_path / "lr-find.jsonl")
    assert curve(found, 1) == ["NaN"]
    assert len(curve(found, 0)) == 20


def test_batches_may_be_collections(tmp_path, program):
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(4, 2)

        def forward(self, inputs):
            return self.linear(inputs["a"] + inputs["b"][0])

    def make_batches():
        x = torch.randn(8, 4)
        return [({"a": x, "b": (x, "name")}, torch.zeros(8, dtype=torch.long))]

    seedband.lr_find(Net, make_batches, F.cross_entropy, torch.optim.SGD, 1, 5, results=tmp_path)
    assert len(rows(tmp_path / "lr-find.jsonl")) == 5


def test_what_was_recorded_stays_when_the_import_fails(tmp_path, monkeypatch):
    monkeypatch.setenv("SEEDBAND_PROGRAM", "false")
    with pytest.raises(seedband.SeedbandError, match="`seedband import` failed: exit status 1"):
        seedband.lr_find(make_model, make_loader, F.cross_entropy, torch.optim.SGD, 1, 5, results=tmp_path)
    assert len(rows(tmp_path / "lr-find.jsonl")) == 5
    with pytest.raises(seedband.SeedbandError, match="lr_find needs at least one seed"):
        seedband.lr_find(make_model, make_loader, F.cross_entropy, torch.optim.SGD, seeds=0)


def test_each_call_has_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "lr-find.jsonl").touch()
    (tmp_path / "lr-find-2").mkdir()
    assert notebook._free_name(tmp_path, None) == "lr-find-3"
    assert notebook._free_name(tmp_path, "mine") == "mine"
    with pytest.raises(SeedbandError, match="is there already"):
        notebook._free_name(tmp_path, "lr-find")
