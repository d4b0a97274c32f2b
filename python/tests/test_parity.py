"""A PyTorch script and the built-in trainer, from the same weights and over the same batches, give the same losses.

Every batch holds all images, so that their order is no part of the comparison but for rounding.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("numpy")

IMAGES, SIDE, CLASSES, STEPS = 40, 8, 4, 30

STUDY = f"""
name = "parity"
seeds = "0..2"
stop.kind = "never"
[schedule]
start = 1e-4
end = 1.0
steps = {STEPS}
[run]
devices = "cpu"
cpu-slots = 1
[[config]]
name = "built-in"
model = {{architecture = "mlp", hidden = [16]}}
data = {{source = "image-folder", path = "images"}}
pixels.normalize = "none"
training = {{batch-size = {IMAGES}, dtype = "float64"}}
optimizer = {{algorithm = "sgd", momentum = 0.9}}
[[config]]
name = "script"
trainer.command = [{json.dumps(sys.executable)}, "train.py"]
"""

SCRIPT = textwrap.dedent(
    """
    import json, struct, sys, zlib
    from pathlib import Path
    import numpy
    import torch
    import seedband

    def tensors(path):
        data = path.read_bytes()
        length = struct.unpack("<Q", data[:8])[0]
        for name, entry in json.loads(data[8 : 8 + length]).items():
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                values = numpy.frombuffer(data[8 + length + begin : 8 + length + end], numpy.float64)
                yield name, torch.tensor(values.reshape(entry["shape"]))

    def pixels(path):
        data = path.read_bytes()
        start = data.index(b"IDAT")
        length = struct.unpack(">I", data[start - 4 : start])[0]
        rows = zlib.decompress(data[start + 4 : start + 4 + length])
        rows = numpy.frombuffer(rows, numpy.uint8).reshape(8, 1 + 24)[:, 1:]
        return torch.tensor(rows.reshape(8, 8, 3)).permute(2, 0, 1).double() / 255

    run = seedband.range_test()
    torch.set_num_threads(1)
    files = sorted(Path("images").glob("*/*.png"))
    x = torch.stack([pixels(file) for file in files])
    y = torch.tensor([int(file.parent.name) for file in files])
    weights = dict(tensors(next(Path("results/parity/trials/built-in").glob(f"{run.seed}-*/init.safetensors"))))
    layers = sorted({name.rsplit(".", 1)[0] for name in weights})
    modules = []
    for name in layers:
        matrix, bias = weights[name + ".weight"], weights[name + ".bias"]
        linear = torch.nn.Linear(matrix.shape[1], matrix.shape[0]).double()
        linear.load_state_dict({"weight": matrix, "bias": bias})
        modules += [linear, torch.nn.ReLU()]
    model = torch.nn.Sequential(torch.nn.Flatten(), *modules[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=1, momentum=0.9)
    for batch, labels in run.batches([(x, y)]):
        loss = torch.nn.functional.cross_entropy(model(batch), labels)
        run.step(optimizer, loss)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    """
)


def write_png(path: Path, rows: list[bytes]) -> None:
    """An 8x8 picture of three channels."""
    raw = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)), (b"IDAT", raw), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def losses(folder: Path, config: str) -> dict[int, list[float]]:
    """Raw losses by seed."""
    found = {}
    for trial in (folder / "results/parity/trials" / config).iterdir():
        lines = [json.loads(line) for line in (trial / "curve.jsonl").read_text().splitlines()]
        found[int(trial.name.split("-")[0])] = [line["loss"] for line in lines if "loss" in line]
    return found


def test_a_script_and_the_built_in_trainer_agree(tmp_path: Path) -> None:
    programs = Path(os.environ.get("SEEDBAND_PROGRAM", Path(__file__).parents[2] / "target/debug/seedband"))
    if not programs.is_file() or not programs.with_name("seedband-worker").is_file():
        pytest.skip("the programs are not built")
    for number in range(IMAGES):
        rows = [
            bytes((number * 7 + row * 31 + place * place * 3) % 256 for place in range(3 * SIDE)) for row in range(SIDE)
        ]
        write_png(tmp_path / f"images/{number % CLASSES}/{number:03}.png", rows)
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "train.py").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path[1:]])}

    def seedband(*arguments: str) -> None:
        command = [str(programs), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr

    seedband("weights", "study.toml", "--config", "built-in")
    seedband("run", "study.toml")
    built_in, script = losses(tmp_path, "built-in"), losses(tmp_path, "script")
    assert sorted(built_in) == sorted(script) == [0, 1]
    for seed, expected in built_in.items():
        assert len(expected) == len(script[seed]) == STEPS
        assert max(expected) - min(expected) > 0.1, "something was trained"
        # Double precision; only the order of sums differs.
        assert script[seed] == pytest.approx(expected, rel=1e-11)
    shutil.rmtree(tmp_path / "results")
