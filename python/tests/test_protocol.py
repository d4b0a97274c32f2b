"""Scripts under a runner: what they say on the channel, whatever they do."""

import os

import pytest
from fake_runner import RAW_STOP, run_script, train_request

import seedband

#: A script without any library: a parabola, whose loss blows up at a learning rate above 2.
SCRIPT = """
    import seedband
    run = seedband.range_test(steps=3)
    w = 1 + run.seed
    for x in run.batches([1.0, 1.0, 1.0]):
        run.step(loss=w * w / 2)
        w -= run.lr * w
    print("the end")
"""


def test_a_range_test_from_ready_to_finished():
    outcome = run_script(SCRIPT, train_request(steps=5))
    assert outcome.ready["worker"] == f"train.py (seedband {seedband.__version__})"
    assert outcome.ready["device"] == "cpu"
    assert outcome.ready["one-trial"] is True
    assert [event["type"] for event in outcome.events] == ["started", *["step"] * 5, "finished"]
    assert outcome.events[0]["epoch"] == 3
    assert outcome.last["end"] == "completed"
    assert [step["loss"] for step in outcome.steps][:2] == [0.5, 0.5 * (1 - 1e-4) ** 2]
    assert (outcome.status, outcome.log) == (0, "the end\n")


def test_the_seed_and_the_streams_are_those_of_the_trial():
    script = """
        import seedband
        run = seedband.range_test()
        print(run.seed, *vars(run.seeds).values(), run.steps, run.device, run.schedule(1))
        for _ in run.batches([0]): run.step(loss=1)
    """
    assert run_script(script, train_request(seed=7, steps=2)).log == "7 8 9 10 2 cpu 0.01\n"


def test_a_fixed_stream_and_other_weights_have_a_seed_of_their_own():
    script = """
        import seedband
        run = seedband.range_test()
        print(run.seed)
        for _ in run.batches([0]):
            run.step(loss=1)
            if run.validation_due: run.validate(1.0, 0.5)
    """
    fixed = train_request(seed=7)
    fixed["trial"]["recipe"]["streams"]["weights"] = 0
    fixed["seeds"]["weights"] = 1
    other = train_request(seed=7, training={"steps": 3, "weights": "other"})
    huge = train_request(seed=2**40 + 7)
    huge["seeds"] = {"weights": 5, "order": 6, "augmentation": 7}
    seeds = [int(run_script(script, request).log) for request in (fixed, other, huge)]
    assert len(set(seeds)) == 3
    assert all(0 <= seed < 2**32 and seed != 7 for seed in seeds)


def test_source_files_below_the_working_folder_are_named(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "net.py").write_text("width = 1\n")
    script = (
        "import models.net\n" + "import seedband\nfor _ in (r := seedband.range_test()).batches([0]): r.step(loss=1)"
    )
    files = run_script(script, train_request(), folder=tmp_path).events[0]["files"]
    assert files == [str(tmp_path / "models" / "net.py"), str(tmp_path / "train.py")]


def test_prints_and_logs_are_harmless():
    script = """
        import os, sys, seedband
        run = seedband.range_test()
        for _ in run.batches([0]):
            print('{"type":"step"}')
            os.write(1, b"bytes\\n")
            sys.stderr.write("x" * 100_000)
            run.step(loss=1)
    """
    outcome = run_script(script, train_request(steps=20))
    assert outcome.last["end"] == "completed"
    assert len(outcome.log) > 2_000_000


def test_a_loss_that_is_not_finite_ends_the_loop():
    script = """
        import seedband
        run = seedband.range_test()
        for i, _ in enumerate(run.batches([0])):
            run.step(loss=[1.0, 2.0, float(%r)][i])
    """
    for word, said in (("nan", "NaN"), ("inf", "Infinity"), ("-inf", "-Infinity")):
        outcome = run_script(script % word, train_request())
        assert outcome.steps[-1]["loss"] == said
        assert outcome.last == {"type": "finished", "trial": f"{1:032x}", "end": "non-finite", "steps": 3}


def test_early_stops_end_the_loop_and_not_the_last_step():
    script = """
        import seedband
        run = seedband.range_test()
        for i, _ in enumerate(run.batches([0])):
            run.step(loss=[1.0, 5.0, 1.0, 9.0, 1.0][i])
            if run.validation_due: run.validate(1.0, 0.5)
    """
    lax = {**RAW_STOP, "stop": {**RAW_STOP["stop"], "factor": 8.0}}
    first = run_script(script, train_request(early_stops=[RAW_STOP]))
    assert (first.last["end"], first.last["steps"]) == ("halted", 2)
    both = run_script(script, train_request(early_stops=[RAW_STOP, lax]))
    assert (both.last["end"], both.last["steps"]) == ("halted", 4)
    none = run_script(script, train_request())
    assert (none.last["end"], none.last["steps"]) == ("completed", 5)
    # The step that would end the loop anyway is an ordinary one, with its update and its validation.
    last = run_script(script, train_request(steps=2, early_stops=[RAW_STOP], validate_every=4))
    assert last.last["end"] == "completed"
    assert last.steps[-1]["validation"] == {"loss": 1.0, "accuracy": 0.5}


def test_validations_are_sent_where_they_are_due():
    script = """
        import seedband
        run = seedband.range_test()
        for i, _ in enumerate(run.batches([0])):
            run.step(loss=1)
            run.validate(i, 0.25)
    """
    outcome = run_script(script, train_request(steps=5, validate_every=2))
    assert [step.get("validation", {}).get("loss") for step in outcome.steps] == [None, 1.0, None, 3.0, 4.0]


def test_metrics_and_a_loss_of_validation_alone_are_sent_as_they_are():
    script = """
        import seedband
        class Loader(list):
            batch_size = 32
        run = seedband.range_test()
        for i, _ in enumerate(run.batches(Loader([0]))):
            run.step(loss=1)
            if i == 1: run.log({"grad norm": float("inf")}, accuracy=0.5)
            run.validate(2.0)
    """
    outcome = run_script(script, train_request(steps=3, validate_every=3))
    assert outcome.events[0]["batch-size"] == 32
    assert [step.get("metrics") for step in outcome.steps] == [None, {"grad norm": "Infinity", "accuracy": 0.5}, None]
    assert outcome.steps[-1]["validation"] == {"loss": 2.0}


def test_a_missing_validation_is_the_scripts_fault():
    outcome = run_script(SCRIPT, train_request(steps=5, validate_every=2))
    assert outcome.last["class"] == "script-error"
    assert outcome.last["message"].startswith("a validation was due after step 1: call run.validate(loss)")


def test_a_training_after_the_range_test():
    script = """
        import seedband
        run = seedband.range_test()
        assert run.is_training and run.training.name == "own"
        for i, _ in enumerate(run.batches([0, 0, 0])):
            run.step(loss=1)
            assert run.lr == 0.5
            if run.validation_due: run.validate(i, 0.25)
    """
    outcome = run_script(script, train_request(training={"epochs": 2}))
    assert outcome.events[0]["epoch"] == 3
    assert [step["step"] for step in outcome.steps if "validation" in step] == [2, 5]
    outcome = run_script(script, train_request(training={"steps": 4}))
    assert [step["step"] for step in outcome.steps if "validation" in step] == [2, 3]


def test_a_training_needs_the_length_of_an_epoch():
    script = """
        import seedband
        run = seedband.range_test()
        def batches():
            yield from (1, 2)
        class Loader:
            def __iter__(self): return batches()
        for i, _ in enumerate(run.batches(Loader() %s)):
            run.step(loss=1)
            if run.validation_due: run.validate(i, 0.25)
    """
    outcome = run_script(script.replace("%s", ""), train_request(training={"epochs": 2}))
    assert outcome.last["class"] == "script-error"
    assert "run.batches(loader, steps_per_epoch=…)" in outcome.last["message"]
    outcome = run_script(script.replace("%s", ", steps_per_epoch=2"), train_request(training={"epochs": 2}))
    assert outcome.last["end"] == "completed"


@pytest.mark.parametrize(
    ("line", "failure_class", "message"),
    [
        ("raise ValueError('no\\nsuch thing')", "script-error", "ValueError: no such thing (train.py, line 6)"),
        ("raise MemoryError()", "host-out-of-memory", "MemoryError (train.py, line 6)"),
        (
            "raise RuntimeError('CUDA out of memory. Tried to allocate 2 GiB')",
            "out-of-memory",
            "RuntimeError: CUDA out",
        ),
        (
            'raise RuntimeError("DefaultCPUAllocator: can\'t allocate memory")',
            "host-out-of-memory",
            "RuntimeError: Def",
        ),
        ("raise RuntimeError('CUDA error: uncorrectable ECC error encountered')", "lost-device", "RuntimeError: CUDA"),
        ("import sys; sys.exit('no data')", "script-error", "the script ended with 'no data' after 1 of 5 steps; let"),
        ("import sys; sys.exit(3)", "script-error", "the script ended after 1 of 5 steps; let the loop"),
        ("break", "script-error", "the script ended after 1 of 5 steps; let the loop"),
        (
            "run.step(loss=1); run.step(loss=1)",
            "script-error",
            "run.step was called twice in one batch, at step 2; call",
        ),
        ("run.step(loss=[1, 2])", "script-error", "the loss is list, which is not one real number"),
        ("run.step()", "script-error", "run.step needs a loss: run.step(optimizer, loss), or run.step(loss=loss)"),
        (
            "run.step(object(), 1.0)",
            "script-error",
            "run.step(optimizer, loss) was given object as optimizer, which has",
        ),
        ("run.validate(1.0, 0.5)", "script-error", "run.validate belongs after run.step and the update"),
        ("run.step(loss=1); run.validate(1.0, 50)", "script-error", "an accuracy of 50 is not a share from 0 to 1"),
        ("sys.excepthook = print; raise KeyError('late')", "script-error", "KeyError: 'late' (train.py, line 6)"),
    ],
)
def test_what_a_script_does_wrong_in_its_loop(line, failure_class, message):
    script = f"""
import seedband, sys
run = seedband.range_test()
for i, _ in enumerate(run.batches([0, 0, 0])):
    if i == 2:
        {line}
    run.step(loss=1)
"""
    outcome = run_script(script, train_request(steps=5))
    assert outcome.last["type"] == "failed", outcome.log
    assert outcome.last["class"] == failure_class
    # The step before is told once the next one begins; the one in which the error came is not.
    expected = message.replace("after 1 of", f"after {len(outcome.steps)} of")
    assert outcome.last["message"].startswith(expected)
    assert len(outcome.steps) == 2


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("run.step(loss=1)", "run.step belongs in the loop: for x, y in run.batches(loader): …"),
        ("for _ in run.batches([]): pass", "the loader is empty: it has no batch"),
        ("for _ in run.batches(iter([0, 0])): run.step(loss=1)", "the loader has no batch in epoch 1: a generator"),
        ("for _ in run.batches([0, 0]): pass", "2 batches went by without a call of run.step(optimizer, loss)"),
        ("pass", "the script ended before its first step; let the loop"),
    ],
)
def test_what_a_script_does_wrong_around_its_loop(script, message):
    outcome = run_script(f"import seedband\nrun = seedband.range_test()\n{script}\n", train_request())
    assert outcome.last["class"] == "script-error"
    assert outcome.last["message"].startswith(message)


def test_a_script_that_is_killed_says_nothing():
    script = """
        import os, signal, seedband
        run = seedband.range_test()
        for _ in run.batches([0]):
            run.step(loss=1)
            if run.lr > 1e-3: os.kill(os.getpid(), signal.SIGKILL)
    """
    outcome = run_script(script, train_request())
    assert outcome.last["type"] == "step"
    assert outcome.status == -9


def test_an_interrupt_is_no_fault_of_the_script():
    script = """
        import seedband
        run = seedband.range_test()
        for _ in run.batches([0]):
            run.step(loss=1)
            raise KeyboardInterrupt
    """
    assert run_script(script, train_request()).last["type"] == "started"


def test_an_error_after_the_last_step_is_none_of_the_trials():
    outcome = run_script(SCRIPT + "    raise ValueError('late')\n", train_request())
    assert outcome.last["type"] == "finished"
    assert "ValueError: late" in outcome.log


def test_the_second_loop_has_no_batch():
    script = """
        import seedband
        run = seedband.range_test()
        for epoch in range(3):
            for _ in run.batches([0, 0]): run.step(loss=1)
        print(run.done, run.lr == run.schedule(4))
    """
    outcome = run_script(script, train_request())
    assert (outcome.last["end"], outcome.log) == ("completed", "True True\n")


def test_gradient_accumulation_is_one_step_for_several_batches():
    script = """
        import seedband
        run = seedband.range_test()
        for i, _ in enumerate(run.batches([0, 0, 0])):
            if i % 2 == 1: run.step(loss=i)
        print(i)
    """
    outcome = run_script(script, train_request(steps=4))
    assert [step["loss"] for step in outcome.steps] == [1.0, 3.0, 5.0, 7.0]
    assert outcome.log == "7\n"


def test_a_forked_child_does_not_speak():
    script = """
        import os, sys, seedband
        run = seedband.range_test()
        for i, _ in enumerate(run.batches([0])):
            if i == 1:
                child = os.fork()
                if child == 0:
                    try:
                        run.step(loss=5)
                    except seedband.SeedbandError as error:
                        print(error, flush=True)
                    sys.exit(1)
                os.waitpid(child, 0)
            run.step(loss=1)
    """
    outcome = run_script(script, train_request())
    assert outcome.last["end"] == "completed"
    assert outcome.log == "run.step was called in a process that the script has forked, such as a data loader's\n"


def test_a_second_range_test_in_the_same_script_is_told_so():
    script = SCRIPT + "    seedband.range_test()\n"
    outcome = run_script(script, train_request())
    assert outcome.last["end"] == "completed"
    assert "SeedbandError: the runner's channel cannot be opened (No such file or directory)" in outcome.log


def test_the_script_ends_when_the_runner_has_gone():
    script = """
        import seedband
        run = seedband.range_test()
        for _ in run.batches([0]): run.step(loss=1)
        print("not reached")
    """
    outcome = run_script(script, train_request(steps=100_000), close_after=3)
    assert outcome.status == 1
    assert outcome.log.startswith("seedband: the runner is gone")


def test_a_script_that_is_not_needed_ends():
    outcome = run_script(SCRIPT)
    assert outcome.log == "seedband: the runner has no more trials for this process\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r["trial"].update(extra=1), "`trial.extra` is not known"),
        (lambda r: r["trial"]["recipe"].update(model={}), "`trial.recipe.model` is not known"),
        (lambda r: r["trial"]["recipe"]["schedule"].update(warp=1), "`schedule.warp` is not known"),
        (lambda r: r["trial"]["recipe"]["schedule"].update(steps=1), "a range test has 2 to 10000000 steps, not 1"),
        (
            lambda r: r["trial"]["recipe"]["schedule"].update(kind="cubic"),
            "`schedule.kind` is 'cubic', which is not one",
        ),
        (
            lambda r: r["early-stops"].append({"smoothing": {}, "stop": {"factors": 4}}),
            "`early-stops.stop.factors` is not",
        ),
        (
            lambda r: r["early-stops"].append({"smoothing": {"kind": "lowess"}, "stop": {}}),
            "`early-stops.smoothing.kind`",
        ),
        (lambda r: r["trial"].update(training={"epochs": 1, "lr": 1, "policy": {"kind": "sine"}}), "`policy.kind` is"),
        (lambda r: r.update({"init-path": "/tmp/x"}), "a training script does not write its initial weights"),
        (lambda r: r.update(type="save-init"), "a training script cannot answer `save-init`"),
    ],
)
def test_what_cannot_be_carried_out_is_refused(change, message):
    request = train_request()
    change(request)
    outcome = run_script(SCRIPT, request)
    assert outcome.last["class"] == "bad-study"
    assert outcome.last["message"].startswith(message)


def test_unknown_keys_of_a_message_are_passed_over():
    request = {**train_request(), "hint": 1}
    request["seeds"]["dropout"] = 4
    assert run_script(SCRIPT, request).last["end"] == "completed"


SERVED = """
    import os, seedband
    def train(run):
        if run.seed == 1: raise ValueError("odd")
        if run.seed == 2: return
        for _ in run.batches([0, 0]): run.step(loss=run.seed)
        if run.seed == 3: raise ValueError("too late to matter")
    seedband.serve(train)
    print("pid", os.getpid())
"""


def test_serve_trains_one_trial_after_the_other():
    requests = [train_request(seed=seed, number=seed + 1) for seed in range(5)]
    outcome = run_script(SERVED, *requests)
    assert outcome.ready["one-trial"] is False
    ends = [events[-1].get("end") or events[-1]["message"] for events in outcome.trials]
    assert ends[0] == ends[3] == ends[4] == "completed"
    assert ends[1] == "ValueError: odd (train.py, line 4)"
    assert ends[2].startswith("the training function ended before its first step; let the loop")
    assert outcome.status == 0
    assert outcome.log.count("pid") == 1


def test_serve_answers_a_request_that_it_cannot_carry_out():
    bad = train_request(number=1)
    bad["trial"]["recipe"]["schedule"]["steps"] = 0
    outcome = run_script(SERVED, bad, train_request(number=2))
    assert [events[-1]["type"] for events in outcome.trials] == ["failed", "finished"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_torch_scripts_with_forked_loaders():
    pytest.importorskip("torch")
    script = """
        import torch, torch.nn.functional as F, seedband
        run = seedband.range_test()
        run.seed_everything()
        x = torch.randn(64, 4)
        loader = torch.utils.data.DataLoader(
            torch.utils.data.TensorDataset(x, (x[:, 0] > 0).long()), batch_size=16, shuffle=True, num_workers=2)
        model = torch.nn.Linear(4, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for x, y in run.batches(loader):
            loss = F.cross_entropy(model(x), y)
            run.step(optimizer, loss)
            optimizer.zero_grad(); loss.backward(); optimizer.step()
    """
    first, again, other = (run_script(script, train_request(seed=seed, steps=10)) for seed in (1, 1, 2))
    assert first.last["end"] == "completed"
    assert any(library.startswith("torch ") for library in first.ready["libraries"])
    assert [step["loss"] for step in first.steps] == [step["loss"] for step in again.steps]
    assert [step["loss"] for step in first.steps] != [step["loss"] for step in other.steps]
    # `len(loader)` is the length of an epoch.
    assert first.events[0]["epoch"] == 4
