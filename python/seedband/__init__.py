"""Learning rate range tests over many seeds: how far can the answer of an LR finder be trusted?

    import seedband

    run = seedband.range_test(steps=100)
    torch.manual_seed(run.seed)
    for x, y in run.batches(loader):
        loss = F.cross_entropy(model(x), y)
        run.step(optimizer, loss)
        optimizer.zero_grad(); loss.backward(); optimizer.step()

``seedband lr-find train.py --seeds 20`` runs such a script for twenty seeds, ``seedband.lr_find`` does it within a
notebook, and ``seedband.load`` reads the results. Adapters for training loops that are not
the script's own are in ``seedband.lightning``, ``.fastai``, ``.keras``, ``.transformers``, ``.jax`` and ``.sklearn``;
each imports its library when it is imported itself.
"""

from ._range_test import range_test
from ._run import Run
from ._serve import serve
from ._streams import Seeds
from ._trial import Training
from ._version import __version__
from .errors import BadStudyError, SeedbandError
from .notebook import lr_find
from .results import Result, load

__all__ = [
    "BadStudyError",
    "Result",
    "Run",
    "SeedbandError",
    "Seeds",
    "Training",
    "__version__",
    "load",
    "lr_find",
    "range_test",
    "serve",
]
