"""Lightning's `Tuner.lr_find`, once a seed."""

import logging
import tempfile
import warnings

import torch
import torch.nn.functional as F
from common import END, START, ResNet, arguments, images, write
from lightning.pytorch import LightningModule, Trainer, seed_everything
from lightning.pytorch.tuner import Tuner
from torch.utils.data import DataLoader, TensorDataset

logging.getLogger("lightning").setLevel(logging.ERROR)
warnings.filterwarnings("ignore")


class Module(LightningModule):
    def __init__(self, depth):
        super().__init__()
        self.model, self.lr = ResNet(depth), START

    def training_step(self, batch, _):
        return F.cross_entropy(self.model(batch[0]), batch[1])

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.lr, momentum=0.9)


args = arguments()
data = TensorDataset(*images(args))
curves = []
with tempfile.TemporaryDirectory() as folder:
    for seed in range(args.seeds):
        seed_everything(seed, verbose=False)
        module = Module(args.depth)
        loader = DataLoader(data, args.batch_size, shuffle=True, drop_last=True)
        trainer = Trainer(
            accelerator="cpu",
            max_epochs=1,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            default_root_dir=folder,
        )
        finder = Tuner(trainer).lr_find(
            module, loader, min_lr=START, max_lr=END, num_training=args.steps, early_stop_threshold=None
        )
        curves.append(finder.results["loss"])
write(args, module, curves)
