"""fastai's `Learner.lr_find`, once a seed."""

import fastai.callback.schedule  # noqa: F401  gives `Learner` its `lr_find`
from common import END, START, ResNet, arguments, images, write
from fastai.basics import SGD, DataLoader, DataLoaders, Learner, set_seed
from torch import nn
from torch.utils.data import TensorDataset

args = arguments()
data = TensorDataset(*images(args))
curves = []
for seed in range(args.seeds):
    set_seed(seed)
    model = ResNet(args.depth)
    loader = DataLoader(data, bs=args.batch_size, shuffle=True, drop_last=True, num_workers=0)
    loaders = DataLoaders(loader, loader, device="cpu")
    learner = Learner(loaders, model, nn.CrossEntropyLoss(), opt_func=lambda p, lr: SGD(p, lr, mom=0.9))
    learner.lr_find(START, END, num_it=args.steps, stop_div=False, show_plot=False, suggest_funcs=None)
    curves.append([float(loss) for loss in learner.recorder.losses])
write(args, model, curves)
