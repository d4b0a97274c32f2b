"""The callback in real trainings by Hugging Face's Trainer, of a tiny text classifier that is made here."""

import math

import pytest
from fake_runner import RAW_STOP, train_request
from recorder import asked, range_test

import seedband

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("accelerate")

from seedband.transformers import RangeTest

ROWS = 60


def rows():
    generator = torch.Generator().manual_seed(1)
    tokens = torch.randint(0, 20, (ROWS, 5), generator=generator)
    return [{"input_ids": row, "labels": (row[0] > 9).long()} for row in tokens]


def network():
    config = transformers.BertConfig(
        vocab_size=20,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=8,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    torch.manual_seed(3)
    return transformers.BertForSequenceClassification(config)


def trainer_of(run, tmp_path, metrics=True, eval_accuracy=None, **options):
    arguments = transformers.TrainingArguments(
        str(tmp_path),
        per_device_train_batch_size=8,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        use_cpu=True,
        **{"learning_rate": 1e-3, "seed": run.seed, "logging_strategy": "no", **options},
    )

    def accuracy(prediction):
        return {"accuracy": float((prediction.predictions.argmax(-1) == prediction.label_ids).mean())}

    trainer = transformers.Trainer(
        network(), arguments, train_dataset=rows(), eval_dataset=rows(), compute_metrics=accuracy if metrics else None
    )
    trainer.add_callback(RangeTest(run, trainer, eval_accuracy))
    return trainer


def losses_of_a_plain_loop(loader, lrs):
    """The same training without the Trainer: the reference."""
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    losses, batches = [], []
    for lr in lrs:
        optimizer.zero_grad()
        batches = batches or list(loader)
        loss = model(**batches.pop(0)).loss
        loss.backward()
        losses.append(loss.item())
        optimizer.param_groups[0]["lr"] = lr
        optimizer.step()
    return losses


@pytest.fixture
def unshuffled(monkeypatch):
    """Batches in the order of the rows."""
    monkeypatch.setattr(
        transformers.Trainer, "_get_train_sampler", lambda *_: torch.utils.data.SequentialSampler(rows())
    )
    return torch.utils.data.DataLoader(rows(), batch_size=8)


def test_losses_are_those_of_a_plain_loop(tmp_path, unshuffled):
    run, heard = range_test(steps=20)
    trainer_of(run, tmp_path, optim="sgd", max_grad_norm=0).train()
    assert (heard.end, heard.planned, heard.epoch) == ("completed", 20, 8)
    assert heard.lrs == [run.schedule(step) for step in range(20)]
    assert heard.losses == pytest.approx(losses_of_a_plain_loop(unshuffled, heard.lrs), rel=1e-5)


def test_accumulated_batches_are_one_step(tmp_path, unshuffled):
    run, heard = range_test(steps=8)
    trainer = trainer_of(run, tmp_path, gradient_accumulation_steps=4, logging_strategy="steps", logging_steps=1)
    trainer.train()
    assert heard.epoch == 2
    # The mean over the batches or, for some models, their sum: how the Trainer weights them changes with its version.
    logged = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert heard.losses == pytest.approx(logged, abs=5e-5)


def test_the_arguments_own_length_and_schedule_do_not_matter(tmp_path):
    losses = []
    for seed in (1, 2, 1):
        run, heard = range_test(steps=12, seed=seed)
        trainer_of(run, tmp_path, num_train_epochs=1, warmup_steps=5, lr_scheduler_type="cosine").train()
        assert heard.lrs == [run.schedule(step) for step in range(12)]
        losses.append(heard.losses)
    assert losses[0] == losses[2] != losses[1]


def test_early_stops_and_losses_that_are_not_finite_end_the_training(tmp_path):
    run, heard = asked(train_request(steps=200, start=1e-2, end=1e6, early_stops=[RAW_STOP]))
    trainer_of(run, tmp_path, optim="sgd").train()
    assert heard.end == "halted"
    run, heard = range_test(steps=200, min_lr=1e-2, max_lr=1e38)
    trainer_of(run, tmp_path, optim="sgd", max_grad_norm=0).train()
    assert heard.end == "non-finite"
    assert not math.isfinite(heard.losses[-1])


def test_validations_are_asked_for_where_they_are_due(tmp_path):
    run, heard = asked(train_request(steps=7, validate_every=3))
    trainer_of(run, tmp_path).train()
    assert heard.validated == [2, 5, 6]
    run, heard = asked(train_request(training={"epochs": 2, "lr": 1e-3}))
    trainer_of(run, tmp_path, max_steps=3).train()
    assert (heard.planned, heard.validated) == (16, [7, 15])
    run, heard = asked(train_request(training={"steps": 12, "lr": 1e-3}))
    trainer_of(run, tmp_path).train()
    assert (heard.planned, heard.validated) == (12, [7, 11])


def test_a_constant_seed_is_refused(tmp_path):
    run, _ = range_test()
    with pytest.raises(
        seedband.SeedbandError, match="the trainer seeds its batches with 42, whatever the run's seed is"
    ):
        trainer_of(run, tmp_path, seed=42)


def test_a_missing_metric_is_said(tmp_path):
    run, heard = asked(train_request(steps=7, validate_every=3))
    trainer_of(run, tmp_path, metrics=False).train()
    assert [step.validation.accuracy for step in heard.steps if step.validation] == [None] * len(heard.validated)
    run, _ = asked(train_request(steps=7, validate_every=3))
    with pytest.raises(seedband.SeedbandError, match="the trainer's evaluation has no `eval_f1`; it has "):
        trainer_of(run, tmp_path, metrics=False, eval_accuracy="eval_f1").train()
