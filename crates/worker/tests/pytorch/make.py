"""Trains the cases of a folder with plain PyTorch and prints the losses as JSON.

Usage: make.py FOLDER [--everything]. The folder holds `cases.json` and for each case `<name>.safetensors` with the
initial weights, all images, the order of the images and the drawn numbers of the augmentation. Everything after that is
done here, apart from the worker: the learning rates, crop, flip and shift, normalisation, network, loss, clipping,
parameter groups and optimizer. It also holds `weights.json` with a network and names of files of its weights, each of
which is loaded by `load_state_dict(strict=True)`, and `batch.safetensors` with the images that the network is then
shown. With `--everything` the script also measures how far float32 losses scatter by themselves, and trains with
deliberate mistakes. Needs torch 2.11 and nothing else.
"""

import hashlib
import itertools
import json
import math
import random
import re
import sys
import warnings
from fnmatch import fnmatchcase
from pathlib import Path
from unittest import mock

import torch
from torch import nn
from torch.nn import functional as F

from networks import network, spoil

KINDS = {"U8": torch.uint8, "I64": torch.int64, "F32": torch.float32, "F64": torch.float64}


class Case:
    """The settings of a case and what its streams gave."""

    def __init__(self, folder, entry):
        data = (folder / f"{entry['name']}.safetensors").read_bytes()
        tensors = tensors_of(data)
        self.digest = hashlib.sha256(data).hexdigest()
        self.recipe = entry["recipe"]
        self.names = entry["parameters"]
        self.weights = {name: tensors[f"weights.{name}"] for name in self.names}
        self.pixels, self.labels = tensors["pixels"], tensors["labels"]
        sizes = tensors["sizes"].tolist()
        self.order = tensors["order"].split(sizes)
        self.draws = tensors["draws"].split(sizes)


def tensors_of(data):
    """Reads the safetensors format: the header's length, the header as JSON, the bytes of all tensors."""
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8 : 8 + length]), bytearray(data[8 + length :])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(body[start:end], dtype=KINDS[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def learning_rates(schedule):
    """The rate of each step, `[schedule]` by its documentation."""
    start, end, n = schedule["start"], schedule["end"], schedule["steps"]
    last = {"exclusive": n, "inclusive": n - 1}[schedule["spacing"]]
    if schedule["kind"] == "linear":
        rates = [start + (end - start) * i / last for i in range(n)]
    else:
        rates = [math.exp(math.log(start) + math.log(end / start) * i / last) for i in range(n)]
    return ([start] * schedule["lag"] + rates)[:n]


def augmented(image, draw, settings, mistake):
    """Crop, flip and shift of one image `[3, h, w]` of doubles, by PyTorch's own padding and sampling."""
    crop_y, crop_x, flip, *shift = draw
    padding = settings["crop-padding"]
    height, width = image.shape[1:]
    if padding:
        mode = {"reflect": "reflect", "zero": "constant"}[settings["padding-mode"]]
        mode = "replicate" if mistake == "edge-padding" else mode
        image = F.pad(image[None], (padding,) * 4, mode)[0]
        image = image[:, int(crop_y) : int(crop_y) + height, int(crop_x) : int(crop_x) + width]
    if settings["flip"] and flip == 1:
        image = image.flip(2)
    if settings["shift"]:
        sign = -1 if mistake == "shift-the-other-way" else 1
        down, right = (sign * settings["shift"] * side * (2 * u - 1) for side, u in zip((height, width), shift))
        ys, xs = torch.arange(height).double() + down, torch.arange(width).double() + right
        # From pixels to the range -1 to 1 that grid_sample counts in.
        y, x = torch.meshgrid(2 * ys / (height - 1) - 1, 2 * xs / (width - 1) - 1, indexing="ij")
        grid = torch.stack([x, y], 2)[None]
        image = F.grid_sample(image[None], grid, "bilinear", padding_mode="border", align_corners=True)[0]
    return image


def batches(case, kind, mistake=None, shuffle=None):
    """Normalised images and labels of every step; `shuffle` puts those of a batch into another order."""
    settings, pixels = case.recipe["augment"], case.recipe["pixels"]
    everything = case.pixels.double() / 255
    mean = everything.mean((0, 2, 3)).reshape(3, 1, 1)
    deviation = everything.std((0, 2, 3), unbiased=False).reshape(3, 1, 1)
    for indices, draws in zip(case.order, case.draws):
        pairs = list(zip(indices.tolist(), draws.tolist()))
        if shuffle:
            shuffle.shuffle(pairs)
        images = torch.stack([augmented(everything[index], draw, settings, mistake) for index, draw in pairs])
        images = images.to(kind)
        if pixels["normalize"] == "per-channel":
            images = (images - mean.to(kind)) / deviation.to(kind)
        yield images, case.labels[[index for index, _ in pairs]]


def groups_of(settings, named, mistake):
    """Parameter groups of PyTorch's optimizers, one a multiplier. Frozen ones are in one too, and need no gradient."""
    groups = {}
    for name, parameter in named:
        fits = (g for g in settings.get("group", []) if any(fnmatchcase(name, p) for p in g["parameters"]))
        group = next(fits, {"lr-multiplier": 1.0})
        multiplier = group["lr-multiplier"]
        if multiplier == 0 and mistake != "frozen-in-the-clipped-norm":
            parameter.requires_grad_(False)
            multiplier = 1.0
        if multiplier != 0 and mistake == "multipliers-forgotten":
            multiplier = 1.0
        groups.setdefault(multiplier, []).append(parameter)
    return [{"params": params, "multiplier": multiplier} for multiplier, params in groups.items()]


def optimizer_of(settings, parameters, mistake):
    algorithm, decay = settings["algorithm"], settings["weight-decay"]
    if algorithm == "sgd":
        decoupled = settings["weight-decay-mode"] == "decoupled" and mistake != "coupled-decay"
        nesterov = settings["nesterov"] and mistake != "no-nesterov"
        coupled = 0.0 if decoupled else decay
        made = torch.optim.SGD(parameters, 1.0, settings["momentum"], weight_decay=coupled, nesterov=nesterov)
        return made, decay if decoupled else 0.0
    adam = torch.optim.AdamW if algorithm == "adamw" and mistake != "coupled-decay" else torch.optim.Adam
    return adam(parameters, 1.0, betas=settings["betas"], eps=settings["eps"], weight_decay=decay), 0.0


def penalty(module, settings):
    """`c * sum(w^2)` over conv weights and over dense weights."""
    factors = {nn.Conv2d: settings["l2-conv"], nn.Linear: settings["l2-dense"]}
    layers = [layer for layer in module.modules() if type(layer) in factors]
    return sum(factors[type(layer)] * layer.weight.pow(2).sum() for layer in layers)


def losses(case, kind, mistake=None, shuffle=None):
    """The loss of every step, before its update."""
    recipe = case.recipe
    height, width = case.pixels.shape[2:]
    module = network(recipe["model"], height, width, classes=10).to(kind)
    assert [name for name, _ in module.named_parameters()] == case.names
    missing, _ = module.load_state_dict(case.weights, strict=False)
    assert all("running" in name or "batches" in name for name in missing), missing
    parameters = list(module.parameters())
    spoil(module, mistake)
    groups = groups_of(recipe["optimizer"], module.named_parameters(), mistake)
    frozen = [parameter for parameter in parameters if not parameter.requires_grad]
    if mistake == "frozen-norms-by-running-averages":
        for norm in module.modules():
            if isinstance(norm, nn.BatchNorm2d) and not norm.weight.requires_grad:
                norm.eval()
    optimizer, decoupled_decay = optimizer_of(recipe["optimizer"], groups, mistake)
    limit = recipe["optimizer"].get("clip-norm")
    schedule = dict(recipe["schedule"])
    if mistake == "no-lag":
        schedule["lag"] = 0
    found = []
    settings = recipe["training"]
    accumulated = settings.get("accumulation-steps", 1)
    is_autocast = settings.get("precision") == "bf16" and kind == torch.float32
    drawn = batches(case, kind, mistake, shuffle)
    for rate in learning_rates(schedule):
        optimizer.zero_grad()
        shown = 0.0
        for images, labels in itertools.islice(drawn, accumulated):
            with torch.autocast("cpu", torch.bfloat16, enabled=is_autocast):
                loss = F.cross_entropy(module(images), labels)
                plain = loss
                loss = loss + penalty(module, recipe["loss"])
            shown += loss.item() / accumulated
            ((plain if mistake == "penalty-shown-only" else loss) / accumulated).backward()
        found.append(shown)
        if limit is not None and mistake != "no-clipping":
            if mistake == "clipping-each-parameter":
                for parameter in parameters:
                    nn.utils.clip_grad_norm_([parameter], limit)
            else:
                nn.utils.clip_grad_norm_(parameters, limit)
        for group in optimizer.param_groups:
            group["lr"] = rate * group["multiplier"]
        if decoupled_decay:
            # fastai 1.0.61, OptimWrapper.step with true_wd: every parameter that is trained, by its group's rate, before
            # the step.
            with torch.no_grad():
                for group in optimizer.param_groups:
                    for parameter in group["params"]:
                        if parameter.requires_grad:
                            parameter.mul_(1 - group["lr"] * decoupled_decay)
        if mistake == "frozen-but-decayed":
            with torch.no_grad():
                for parameter in frozen:
                    parameter.mul_(1 - rate * decoupled_decay)
        optimizer.step()
    return found


def spread(case, plain):
    """By step, how far float32 losses come apart when only the order of additions changes (largest relative distance).

    Batches in another order are the same training in exact arithmetic, and so is oneDNN switched off.
    """
    runs = [losses(case, torch.float32, shuffle=random.Random(seed)) for seed in range(6)]
    with torch.backends.mkldnn.flags(enabled=False):
        runs.append(losses(case, torch.float32))
    return [max(abs(run[step] / loss - 1) for run in runs) for step, loss in enumerate(plain)]


MISTAKES = [
    ("norm-momentum-of-keras", "resnet8-sgd-decoupled-clip"),
    ("norm-eps-of-keras", "resnet8-sgd-decoupled-clip"),
    ("norm-by-unbiased-variance", "resnet8-sgd-decoupled-clip"),
    ("no-projection", "resnet8-sgd-decoupled-clip"),
    ("strided-conv-starts-one-late", "resnet8-sgd-decoupled-clip"),
    ("no-clipping", "resnet8-sgd-decoupled-clip"),
    ("clipping-each-parameter", "resnet8-sgd-decoupled-clip"),
    ("coupled-decay", "resnet8-sgd-decoupled-clip"),
    ("coupled-decay", "cnn-adamw"),
    ("no-nesterov", "resnet8-nesterov-coupled-penalties"),
    ("penalty-shown-only", "resnet8-nesterov-coupled-penalties"),
    ("no-lag", "mlp-sgd-lag"),
    ("edge-padding", "resnet8-crop-flip"),
    ("shift-the-other-way", "resnet8-shift-flip"),
    ("multipliers-forgotten", "resnet8-frozen-stem-fast-head"),
    ("frozen-norms-by-running-averages", "resnet8-frozen-stem-fast-head"),
    ("frozen-but-decayed", "resnet8-frozen-stem-fast-head"),
    ("frozen-in-the-clipped-norm", "resnet8-frozen-stem-fast-head"),
]


def logits(folder):
    """Logits of a batch from each file of weights, in evaluation and in training, image by image."""
    settings = json.loads((folder / "weights.json").read_text())
    images = tensors_of((folder / "batch.safetensors").read_bytes())["images"]
    found = {}
    for name in settings["files"]:
        data = (folder / f"{name}.safetensors").read_bytes()
        found[name] = {"file": hashlib.sha256(data).hexdigest()}
        for kind in [torch.float64, torch.float32]:
            module = network(settings["model"], 32, 32, classes=10).to(kind)
            module.load_state_dict(tensors_of(data), strict=True)
            with torch.no_grad():
                # Evaluation first: training moves the running averages.
                evaluation = module.eval()(images.to(kind)).flatten().tolist()
                training = module.train()(images.to(kind)).flatten().tolist()
            found[name][str(kind).removeprefix("torch.")] = {"evaluation": evaluation, "training": training}
    return found


def bounds():
    """What torch.nn.init really draws from: (-b, b) of `uniform_` or the deviation of `normal_`, by shape and scheme."""
    drawn = []

    def uniform(tensor, low=0.0, high=1.0, **_):
        assert low == -high
        drawn.append(high)
        return tensor

    def normal(tensor, mean=0.0, std=1.0, **_):
        assert mean == 0.0
        drawn.append(std)
        return tensor

    schemes = {
        "he-uniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu"),
        "he-normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
        "glorot-uniform": nn.init.xavier_uniform_,
        "glorot-normal": nn.init.xavier_normal_,
    }
    found = []
    patched = mock.patch.multiple(torch.Tensor, uniform_=uniform, normal_=normal)
    with patched:
        for layer in [nn.Conv2d(16, 32, 3, bias=False), nn.Conv2d(32, 64, 1, bias=False), nn.Linear(64, 100)]:
            entry = {"shape": list(layer.weight.shape)}
            drawn.clear()
            layer.reset_parameters()
            entry["pytorch"] = drawn[0]
            if layer.bias is not None:
                entry["pytorch-bias"] = drawn[1]
            for scheme, fill in schemes.items():
                drawn.clear()
                fill(layer.weight)
                entry[scheme] = drawn[0]
            found.append(entry)
    return found


def main():
    # This script needs no numpy, and PyTorch says so where there is none.
    warnings.filterwarnings("ignore", message="Failed to initialize NumPy")
    # The networks are so small that a second thread costs more than it brings.
    torch.set_num_threads(1)
    folder, everything = Path(sys.argv[1]), "--everything" in sys.argv[2:]
    cases = {entry["name"]: Case(folder, entry) for entry in json.loads((folder / "cases.json").read_text())}
    found = {"torch": torch.__version__.partition("+")[0], "cases": {}}
    for name, case in cases.items():
        exact, single = losses(case, torch.float64), losses(case, torch.float32)
        found["cases"][name] = {"inputs": case.digest, "float64": exact, "float32": single}
        if everything:
            found["cases"][name]["spread"] = spread(case, single)
    if everything:
        spoiled = [(*pair, losses(cases[pair[1]], torch.float64, pair[0])) for pair in MISTAKES]
        found["mistakes"] = [dict(zip(("name", "case", "float64"), entry)) for entry in spoiled]
    found["logits"] = logits(folder)
    resnet56 = network({"architecture": "resnet", "depth": 56, "width": 16}, 32, 32, 10)
    found["resnet56-parameters"] = sum(parameter.numel() for parameter in resnet56.parameters())
    found["bounds"] = bounds()
    # A list of numbers on one line.
    print(re.sub(r"\[[^][{}]*\]", lambda match: " ".join(match[0].split()), json.dumps(found, indent=1)))


main()
