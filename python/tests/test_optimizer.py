"""Setting and reading the rates of real PyTorch optimizers."""

import pytest
from fake_runner import train_request
from recorder import asked, range_test

import seedband

torch = pytest.importorskip("torch")


def train(run, optimizer, parameters, between=lambda: None, update=True):
    """A loop over a parabola; ``between`` runs between run.step and the update."""
    given = optimizer if isinstance(optimizer, list) else [optimizer]
    for _ in run.batches([0]):
        loss = sum((parameter**2).sum() for parameter in parameters)
        run.step(optimizer, loss)
        between()
        loss.backward()
        for one in given:
            if update:
                one.step()
            one.zero_grad()


def parameter():
    return torch.nn.Parameter(torch.ones(2))


class Relative:
    """As `transformers.Adafactor`, which computes its rate by itself."""

    param_groups = ({"lr": None},)


def test_groups_keep_their_ratios_to_the_first():
    head, body, late = parameter(), parameter(), parameter()
    optimizer = torch.optim.SGD([{"params": [head]}, {"params": [body], "lr": 0.001}], lr=0.1)
    run, heard = range_test(steps=5)
    seen = []

    def between():
        seen.append([group["lr"] for group in optimizer.param_groups])
        if len(seen) == 2:
            optimizer.add_param_group({"params": [late], "lr": 0.05})

    train(run, optimizer, [head, body], between)
    planned = [run.schedule(step) for step in range(5)]
    assert heard.lrs == planned
    assert [rates[1] for rates in seen] == pytest.approx([rate / 100 for rate in planned])
    # A group that was added later keeps its ratio to what the first one had at the beginning.
    assert [rates[2] for rates in seen[2:]] == pytest.approx([rate / 2 for rate in planned[2:]])


def test_several_optimizers_are_one():
    matrix, bias = parameter(), parameter()
    both = [torch.optim.SGD([matrix], lr=0.2), torch.optim.AdamW([bias], lr=0.002)]
    run, heard = range_test(steps=3)
    train(run, both, [matrix, bias])
    assert heard.lrs == [run.schedule(step) for step in range(3)]
    assert both[1].param_groups[0]["lr"] == pytest.approx(run.schedule(2) / 100)


def test_a_rate_in_a_tensor_stays_in_it():
    w = parameter()
    rate = torch.tensor(0.1)
    optimizer = torch.optim.Adam([w], lr=rate, capturable=False, foreach=False)
    run, heard = range_test(steps=3)
    train(run, optimizer, [w])
    assert optimizer.param_groups[0]["lr"] is rate
    assert heard.lrs == pytest.approx([run.schedule(step) for step in range(3)], rel=1e-6)


def test_a_rate_that_the_script_changed_is_told():
    w = parameter()
    optimizer = torch.optim.SGD([w], lr=0.1)
    run, heard = range_test(steps=3)
    train(run, optimizer, [w], lambda: optimizer.param_groups[0].update(lr=0.5))
    assert heard.lrs == [0.5] * 3
    assert [step.planned_lr for step in heard.steps] == [run.schedule(step) for step in range(3)]


def test_a_rate_that_is_none_is_an_error():
    w = parameter()
    optimizer = torch.optim.SGD([w], lr=0.1)
    run, _ = range_test(steps=3)
    with pytest.raises(seedband.SeedbandError, match="step 0 was trained with a learning rate of nan"):
        train(run, optimizer, [w], lambda: optimizer.param_groups[0].update(lr=float("nan")))


def test_a_scheduler_that_steps_after_the_update_does_no_harm():
    w = parameter()
    optimizer = torch.optim.SGD([w], lr=0.1)
    # Its warm-up begins at a rate of 0.
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(step / 10, 1))
    run, heard = range_test(steps=5)
    for _ in run.batches([0]):
        loss = (w**2).sum()
        run.step(optimizer, loss)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
    assert heard.lrs == [run.schedule(step) for step in range(5)]


def test_updates_that_a_gradient_scaler_skips_count_as_planned():
    w = parameter()
    optimizer = torch.optim.SGD([w], lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**127)
    run, heard = range_test(steps=6)
    for _ in run.batches([0]):
        loss = (w**2).sum()
        run.step(optimizer, loss)
        optimizer.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    assert heard.lrs == [run.schedule(step) for step in range(6)]
    assert heard.losses[0] == heard.losses[1] > heard.losses[-1]


def test_an_optimizer_that_is_never_stepped_is_the_wrong_one():
    w = parameter()
    run, heard = range_test(steps=3)
    with pytest.raises(seedband.SeedbandError, match=r"optimizer.step\(\) was not called in any of 3 steps; give run"):
        train(run, torch.optim.SGD([w], lr=0.1), [w], update=False)
    assert heard.end is None


def test_the_hook_is_taken_off_at_the_end():
    w = parameter()
    optimizer = torch.optim.SGD([w], lr=0.1)
    run, _ = range_test(steps=3)
    train(run, optimizer, [w])
    assert not optimizer._optimizer_step_pre_hooks


def test_an_optimizer_of_accelerate():
    accelerate = pytest.importorskip("accelerate")
    w = parameter()
    module = torch.nn.ParameterList([w])
    _, optimizer = accelerate.Accelerator(cpu=True).prepare(module, torch.optim.SGD([w], lr=0.1))
    run, heard = range_test(steps=3)
    train(run, optimizer, [w], lambda: optimizer.param_groups[0].update(lr=0.5))
    assert heard.lrs == [0.5] * 3


def test_a_policy_moves_the_momentum():
    policy = {"kind": "one-cycle", "momentum": [0.85, 0.95], "anneal": "linear", "rise": 0.5}
    for make, read in (
        (lambda w: torch.optim.SGD([w], lr=0.1, momentum=0.9), lambda group: group["momentum"]),
        (lambda w: torch.optim.Adam([w], lr=0.1), lambda group: group["betas"][0]),
    ):
        run, _ = asked(train_request(training={"steps": 7, "lr": 0.1, "policy": policy}))
        w = parameter()
        optimizer = make(w)
        momenta = []
        for _ in run.batches([0]):
            loss = (w**2).sum()
            run.step(optimizer, loss)
            momenta.append(read(optimizer.param_groups[0]))
            assert run.momentum == momenta[-1]
            optimizer.step()
            if run.validation_due:
                run.validate(1.0, 0.5)
        assert momenta == pytest.approx(
            [0.95, 0.91, 0.87, 0.8571428571428571, 0.88, 0.9157142857142857, 0.95], abs=0.02
        )
    run, _ = asked(train_request(training={"steps": 7, "lr": 0.1, "policy": policy}))
    with pytest.raises(seedband.BadStudyError, match="this training moves the momentum, and the optimizer has none"):
        train(run, torch.optim.Adagrad([parameter()]), [])


@pytest.mark.parametrize(
    ("optimizer", "message"),
    [
        (lambda w: torch.optim.SGD([w], lr=0.0), "the optimizer's learning rate is 0; make it with one above 0"),
        (lambda w: torch.nn.Linear(2, 2), "was given Linear as optimizer, which has no `param_groups`"),
        (lambda w: w, "was given Parameter as optimizer, which has no `param_groups`"),
        (lambda w: Relative(), "Relative has no learning rate of its own to set: `lr` is missing"),
    ],
)
def test_what_cannot_be_an_optimizer_is_said(optimizer, message):
    run, _ = range_test()
    w = parameter()
    made = optimizer(w)
    with pytest.raises(seedband.SeedbandError, match=message):
        for _ in run.batches([0]):
            run.step(made, (w**2).sum())


def test_another_optimizer_than_before_is_refused():
    w = parameter()
    one, other = torch.optim.SGD([w], lr=0.1), torch.optim.SGD([w], lr=0.1)
    run, _ = range_test()
    with pytest.raises(
        seedband.SeedbandError, match="run.step was given another optimizer than before; give it a list"
    ):
        for step, _ in enumerate(run.batches([0])):
            run.step((one, other)[step], (w**2).sum())
            one.step()


def test_a_loss_of_torch_is_read_once_and_keeps_its_graph():
    w = parameter()
    run, heard = range_test(steps=2)
    train(run, torch.optim.SGD([w], lr=0.1), [w])
    assert heard.losses[0] == 2.0
    run, _ = range_test()
    with pytest.raises(seedband.SeedbandError, match=r"the loss has the shape \(2,\); reduce it to one number"):
        for _ in run.batches([0]):
            run.step(loss=w)
