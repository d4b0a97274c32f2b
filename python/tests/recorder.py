"""A listener that keeps what it hears, and runs that it listens to."""

from seedband import Run
from seedband._range_test import trial_by_hand
from seedband._trial import read_trial


class Recorder:
    """Keeps the events of one run."""

    def __init__(self):
        self.planned = self.epoch = self.parameters = self.batch_size = self.end = None
        self.steps = []

    def started(self, start):
        assert self.planned is None
        self.planned, self.epoch = start.steps, start.epoch
        self.parameters, self.batch_size = start.parameters, start.batch_size

    def step(self, done):
        assert done.step == len(self.steps)
        assert self.end is None
        self.steps.append(done)

    def finished(self, end, steps):
        assert steps == len(self.steps)
        self.end = end

    @property
    def losses(self):
        return [step.loss for step in self.steps]

    @property
    def lrs(self):
        return [step.lr for step in self.steps]

    @property
    def validated(self):
        """The steps that have a validation."""
        return [step.step for step in self.steps if step.validation is not None]


def range_test(steps=20, min_lr=1e-4, max_lr=1.0, seed=0, early_stop_threshold=None):
    """A run and the recorder that listens to it; no early stop unless asked for."""
    recorder = Recorder()
    trial = trial_by_hand(steps, min_lr, max_lr, "exponential", early_stop_threshold, seed)
    return Run(trial, recorder), recorder


def asked(request):
    """A run of what a `train` request asks for, and its recorder."""
    recorder = Recorder()
    return Run(read_trial(request), recorder), recorder
