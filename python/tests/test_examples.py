"""The examples: short, and each trains by hand where its library is installed."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
EXAMPLES = PACKAGE.parent / "examples"
#: What each script imports beside the package, by its path from the folder of examples.
NEEDS = {
    "numpy/train.py": ["numpy", "sklearn"],
    "sklearn/train.py": ["sklearn"],
    "jax/train.py": ["jax", "optax", "sklearn"],
    "pytorch/train.py": ["torch", "sklearn"],
    "lightning/train.py": ["lightning", "sklearn"],
    "fastai/train.py": ["fastai", "sklearn"],
    "keras/train.py": ["keras", "sklearn"],
    "transformers/train.py": ["transformers", "accelerate"],
    "compare-libraries/train_fastai.py": ["fastai", "sklearn", "PIL"],
    "compare-libraries/train_keras.py": ["keras", "sklearn", "PIL"],
}
#: Runs a script whose range test is cut to three steps.
SHORT = """
import runpy, sys
import seedband
whole = seedband.range_test
seedband.range_test = lambda **settings: whole(**{**settings, "steps": 3})
sys.path.insert(0, "")
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""

if not EXAMPLES.is_dir():
    pytest.skip("needs the repository's folder of examples", allow_module_level=True)


def is_installed(module):
    return importlib.util.find_spec(module) is not None


def test_every_script_is_listed():
    assert {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/train*.py")} == set(NEEDS)


@pytest.mark.parametrize("script", NEEDS)
def test_a_script_is_short_and_its_study_starts_it(script):
    path = EXAMPLES / script
    assert len(path.read_text().splitlines()) < 60
    assert f'command = ["python", "{path.name}"' in (path.parent / "study.toml").read_text()


def test_pytorch_takes_five_lines_or_fewer():
    lines = (EXAMPLES / "pytorch/train.py").read_text().splitlines()
    assert 1 <= sum("# added" in line for line in lines) <= 5
    # Every line that is the package's is marked.
    assert all("# added" in line for line in lines if re.search(r"\bseedband\b|\brun\b", line) and '"""' not in line)


@pytest.mark.parametrize("script", NEEDS)
def test_a_script_trains_three_steps_by_hand(script, tmp_path):
    missing = [module for module in NEEDS[script] if not is_installed(module)]
    if missing:
        pytest.skip(f"needs {missing[0]}")
    folder = EXAMPLES / script.partition("/")[0]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1", "HF_HUB_OFFLINE": "1"}
    if "keras" in NEEDS[script] and "KERAS_BACKEND" not in environment:
        backends = [name for name in ("tensorflow", "jax", "torch") if is_installed(name)]
        if not backends:
            pytest.skip("needs a backend of Keras")
        environment["KERAS_BACKEND"] = backends[0]
    arguments = []
    if folder.name == "compare-libraries":
        arguments = [str(tmp_path)]
        subprocess.run([sys.executable, "digits.py", *arguments], cwd=folder, env=environment, check=True)
    command = [sys.executable, "-c", SHORT, script.partition("/")[2], *arguments]
    ran = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    assert "seedband: seed 0, 3 of 3 steps" in ran.stdout
