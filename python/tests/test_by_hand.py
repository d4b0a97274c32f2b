"""Scripts that a person starts: what they see."""

import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import seedband
from seedband._by_hand import ByHand
from seedband._listener import Started, StepDone
from seedband._suggestion import minimum, steepest

PACKAGE = Path(__file__).resolve().parents[1]
SCRIPT = """
import seedband
run = seedband.range_test(steps=40, min_lr=1e-4)
w = 1.0
for _ in run.batches([0, 0]):
    run.step(loss=1 + w * w)
    w -= run.lr * w
"""


def start(script, tmp_path, **env):
    (tmp_path / "train.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE), **env}
    return subprocess.run(
        [sys.executable, "train.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )


def test_a_table_stands_at_the_end(tmp_path):
    done = start(SCRIPT, tmp_path)
    lines = done.stdout.splitlines()
    assert lines[0] == "seedband: seed 0, 40 of 40 steps, to the last step"
    assert lines[2].split() == ["step", "lr", "smoothed", "loss"]
    assert lines[3].split() == ["0", "1.0e-4", "2"]
    assert "steepest descent: " in done.stdout
    assert "least loss / 10:  " in done.stdout
    assert lines[-1] == "    seedband lr-find train.py --seeds 20"
    # Nothing but the result where no terminal looks on.
    assert done.stderr == ""


def test_the_seed_comes_from_argument_environment_or_is_0(tmp_path, monkeypatch):
    assert seedband.range_test().seed == 0
    assert seedband.range_test(seed=5).seed == 5
    assert start(SCRIPT, tmp_path, SEEDBAND_SEED="7").stdout.startswith("seedband: seed 7, ")
    monkeypatch.setenv("SEEDBAND_SEED", "seven")
    with pytest.raises(seedband.SeedbandError, match="SEEDBAND_SEED is 'seven', which is not a whole number from 0"):
        seedband.range_test()


def test_an_error_is_one_clear_line(tmp_path):
    done = start(SCRIPT.replace("    w -=", "    run.step(loss=1)\n    w -="), tmp_path)
    assert done.returncode == 1
    message = "seedband.errors.SeedbandError: run.step was called twice in one batch, at step 0; call it once a step"
    assert done.stderr.splitlines()[-1] == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 1}, "a range test has 2 to 10000000 steps, not 1"),
        ({"min_lr": 1, "max_lr": 1}, "the last learning rate, 1.0, has to be above the first, 1.0"),
        ({"seed": -1}, "a seed is a whole number from 0 to 2\\^63 - 1, not -1"),
        ({"mode": "log"}, 'mode is "exponential" or "linear", not \'log\''),
        ({"early_stop_threshold": 0.5}, "`stop.factor` is 0.5, which is not above 1"),
    ],
)
def test_arguments_out_of_range(arguments, message):
    with pytest.raises(seedband.SeedbandError, match=message):
        seedband.range_test(**arguments)


def test_serve_by_hand_trains_one_seed(capsys):
    seeds = []

    def train(run):
        seeds.append(run.seed)
        for _ in run.batches([0]):
            run.step(loss=1.0)

    seedband.serve(train, steps=10, seed=3)
    assert seeds == [3]
    assert capsys.readouterr().out.startswith("seedband: seed 3, 10 of 10 steps")


def test_the_early_stop_is_fastais_unless_it_is_off(capsys):
    def steps(**options):
        run = seedband.range_test(steps=60, **options)
        for step, _ in enumerate(run.batches([0])):
            run.step(loss=1.0 if step < 30 else 100.0 * step)
        return capsys.readouterr().out.splitlines()[0]

    assert steps() == "seedband: seed 0, 31 of 60 steps, stopped early, the smoothed loss was far above its least"
    assert steps(early_stop_threshold=None) == "seedband: seed 0, 60 of 60 steps, to the last step"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(losses, lrs=None, end="completed"):
    """What `ByHand` writes to a terminal for a curve: its result and its progress."""
    out, progress = io.StringIO(), Terminal()
    by_hand = ByHand(0, out, progress)
    by_hand.started(Started(len(losses)))
    for step, loss in enumerate(losses):
        lr = 10.0 ** (step / 10 - 5)
        by_hand.step(StepDone(step, (lrs or {}).get(step, lr), lr, loss))
    by_hand.finished(end, len(losses))
    return out.getvalue(), progress.getvalue()


def test_progress_is_one_line_that_is_written_over():
    _, progress = shown([2.0] * 30)
    assert progress == "step  1/30  lr  1.0e-5  loss 2\x1b[K\r\x1b[K"


def test_few_steps_have_a_table_and_no_answer():
    out, _ = shown([2.0, 1.0])
    assert "steepest descent: none, too few steps" in out
    out, _ = shown([float("nan")], end="non-finite")
    assert "the loss was not finite any more" in out


def test_another_rate_than_the_planned_one_is_an_error():
    with pytest.raises(
        seedband.SeedbandError, match="step 3 was trained with a learning rate of 0.5 where 1.99526e-05 is"
    ):
        shown([2.0] * 30, lrs={3: 0.5})


def test_answers_are_those_of_fastai():
    from test_formulas import numbers, stored

    suggestions = stored("golden/suggestions.json")["curves"]
    compared = 0
    for curve in stored("golden/curves.json")["curves"]:
        found = suggestions[curve["name"]]["fastai_v2"]
        if (
            curve["schedule"]["kind"] != "exp"
            or "full.suggestions" in str(found["fragile"])
            or "full" in found["fragile"]
        ):
            continue
        smoothed, expected = found["f64"]["smoothed"], found["f64"]["full"]["suggestions"]
        planned, lrs = len(curve["lrs"]), numbers(curve["lrs"])[: len(smoothed)]
        for name, rule in (("steep", steepest), ("minimum", minimum)):
            if isinstance(expected.get(name), float):
                assert rule(lrs, numbers(smoothed), planned) == pytest.approx(expected[name], rel=1e-9), curve["name"]
                compared += 1
    assert compared > 40


def test_a_linear_schedule_from_0_has_answers():
    assert steepest([0.0, 1.0, 2.0, 3.0] + [4.0] * 5, [3.0, 2.0, 0.5, 0.4] + [0.0] * 5, 9) == 1.0


def test_seed_everything_seeds_what_is_imported():
    np, torch = pytest.importorskip("numpy"), pytest.importorskip("torch")

    def drawn(seed):
        seedband.range_test(seed=seed).seed_everything()
        return random.random(), np.random.rand(), torch.rand(1).item()

    first, again, other = drawn(1), drawn(1), drawn(2)
    assert first == again
    assert all(one != two for one, two in zip(first, other))


def test_seed_everything_seeds_keras_and_tensorflow(monkeypatch):
    called = []

    class Fake:
        class utils:
            set_random_seed = staticmethod(lambda seed: called.append(("keras", seed)))

        class random:
            set_seed = staticmethod(lambda seed: called.append(("tensorflow", seed)))

    monkeypatch.setitem(sys.modules, "keras", Fake)
    monkeypatch.setitem(sys.modules, "tensorflow", Fake)
    seedband.range_test(seed=4).seed_everything()
    assert called == [("keras", 4), ("tensorflow", 4)]


def test_nothing_is_imported_but_what_the_script_imports():
    code = "import sys, seedband; r = seedband.range_test(); r.seed_everything(); r.device; print(list(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    for library in ("numpy", "torch", "jax", "keras", "lightning", "fastai", "transformers", "sklearn", "pandas"):
        assert f"'{library}'" not in loaded


def test_a_loop_that_was_left_early_is_told(tmp_path):
    script = """
import seedband
run = seedband.range_test(steps=5)
for _ in run.batches([0]):
    run.step(loss=1.0)
    if run.lr > 1e-4:
        break
"""
    outcome = start(script, tmp_path)
    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert outcome.stderr.startswith("seedband: the script ended after 2 of 5 steps; let the loop over run.batches")


def test_a_module_whose_file_is_nowhere_is_no_source(tmp_path, monkeypatch):
    import types

    from seedband._environment import source_files

    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("")
    for name, path in (("mine", "mine.py"), ("nobodys", "_ops.py")):
        module = types.ModuleType(name)
        module.__file__ = path
        monkeypatch.setitem(sys.modules, name, module)
    assert source_files() == [str(tmp_path / "mine.py")]
