"""Runs seedband and each of its peers as whole processes, in turns, and prints a table of seconds and ratios."""

import argparse
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
BASE = "seedband"
PEERS = {
    "PyTorch, loop": ["loop.py"],
    "PyTorch, loop, channels_last": ["loop.py", "--channels-last"],
    "fastai, `Learner.lr_find`": ["with_fastai.py"],
    "Lightning, `Tuner.lr_find`": ["with_lightning.py"],
    "torch-lr-finder, `LRFinder`": ["with_torch_lr_finder.py"],
}
STUDY = """\
name = "bench"
seeds = {seeds}
[model]
architecture = "resnet"
depth = {depth}
[data]
source = "arrays"
path = {data}
[optimizer]
algorithm = "sgd"
momentum = 0.9
[training]
batch-size = {batch_size}
[schedule]
start = 1e-7
end = 10.0
steps = {steps}
[stop]
kind = "never"
"""


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of images, one folder a class")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--depth", type=int, default=8, help="of the CIFAR ResNet, 6n + 2")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--only", default="", help="peers to measure, by a part of their names, with commas between")
    parser.add_argument("--out", type=pathlib.Path, help="write the seconds of every process there, as JSON")
    parser.add_argument("--seedband", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def arrays(folder, file):
    """All images below `folder` as one archive, so that nobody's decoding is measured."""
    pixels, labels = [], []
    for label, name in enumerate(sorted(path.name for path in folder.iterdir() if path.is_dir())):
        for path in sorted((folder / name).iterdir()):
            with Image.open(path) as image:
                pixels.append(np.asarray(image.convert("RGB")).transpose(2, 0, 1))
            labels.append(label)
    np.savez(file, x=np.stack(pixels), y=np.array(labels, dtype=np.int64))


def timed(command, log):
    """Wall-clock seconds of a process."""
    started = time.perf_counter()
    with log.open("w") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"error: `{' '.join(map(str, command))}` failed:\n{log.read_text()[-2000:]}")
    return seconds


def own(args, data, place):
    """A study of the same range tests; every run begins with nothing done."""
    study = place / "bench.toml"
    path = json.dumps(str(data))
    study.write_text(
        STUDY.format(seeds=args.seeds, depth=args.depth, data=path, batch_size=args.batch_size, steps=args.steps)
    )
    shutil.rmtree(place / "results", ignore_errors=True)
    return [args.seedband, "run", study, "--results", place / "results"]


def peer(args, data, place, script):
    options = {
        "--data": data,
        "--seeds": args.seeds,
        "--steps": args.steps,
        "--batch-size": args.batch_size,
        "--depth": args.depth,
        "--out": place / "curves.json",
    }
    words = [str(word) for option in options.items() for word in option]
    return [sys.executable, HERE / script[0], *script[1:], *words]


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    flags = next((line for line in info if line.startswith("flags")), "")
    vectors = "AVX-512" if " avx512f" in flags else "AVX2" if " avx2" in flags else "no AVX2"
    return f"{model}, {vectors}, {len(os.sched_getaffinity(0))} cores, {platform.system()} {platform.release()}"


def versions(args):
    names = ["torch", "fastai", "lightning", "torch-lr-finder"]
    version = subprocess.run([args.seedband, "--version"], capture_output=True, text=True, check=True)
    return [version.stdout.strip(), *(f"{name} {importlib.metadata.version(name)}" for name in names)]


def table(seconds):
    ours = statistics.median(seconds[BASE])
    rows = ["| | seconds, median (range) | times seedband's |", "|---|---:|---:|"]
    for name, all_of_it in seconds.items():
        median = statistics.median(all_of_it)
        rows.append(f"| {name} | {median:.1f} ({min(all_of_it):.1f} to {max(all_of_it):.1f}) | {median / ours:.2f} |")
    return "\n".join(rows)


def main():
    args = arguments()
    parts = [part.lower() for part in args.only.split(",")]
    chosen = {name: script for name, script in PEERS.items() if any(part in name.lower() for part in parts)}
    with tempfile.TemporaryDirectory(prefix="seedband-bench-") as folder:
        place = pathlib.Path(folder)
        data = place / "images.npz"
        arrays(args.data, data)
        # Once each, unmeasured: what is compiled, decoded or cached on first use is there afterwards.
        warm = argparse.Namespace(**{**vars(args), "seeds": 1, "steps": 10})
        everyone = [BASE, *chosen]
        seconds = {name: [] for name in everyone}
        for number in range(-1, args.rounds):
            # Another one begins each round.
            first = max(number, 0) % len(everyone)
            for name in everyone[first:] + everyone[:first]:
                what = warm if number < 0 else args
                if name == BASE:
                    command = own(what, data, place)
                else:
                    command = peer(what, data, place, chosen[name])
                taken = timed(command, place / "log")
                if number >= 0:
                    seconds[name].append(taken)
                    print(f"round {number + 1}: {name}: {taken:.1f} s", file=sys.stderr, flush=True)
    work = f"{args.seeds} seeds of {args.steps} steps, ResNet-{args.depth}, batch {args.batch_size}"
    about = {"machine": machine(), "versions": versions(args), "work": work, "rounds": args.rounds, "seconds": seconds}
    print(f"{work}, n = {args.rounds}\n{about['machine']}\n{', '.join(about['versions'])}\n")
    print(table(seconds))
    if args.out:
        args.out.write_text(json.dumps(about, indent=1) + "\n")


main()
