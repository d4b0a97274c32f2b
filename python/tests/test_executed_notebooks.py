"""`lr_find` within real notebooks, executed by nbclient; with the program that is installed beside this Python, if any."""

import ast
import os
import sys
from html import unescape
from pathlib import Path

import pytest

nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "examples" / "notebook" / "lr_find.ipynb"
INSTALLED = Path(sys.executable).with_name("seedband")


def fake_program(folder):
    """A program that leaves results that were made before, whatever it is given."""
    path = folder / "seedband"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE / "fake_program.py"} "$@"\n')
    path.chmod(0o755)
    return path


def executed(notebook, folder, monkeypatch):
    """The notebook, executed in ``folder``."""
    if not INSTALLED.is_file():
        monkeypatch.setenv("SEEDBAND_PROGRAM", str(fake_program(folder)))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE.parent), str(HERE)]))
    monkeypatch.delenv("SEEDBAND_RESULTS", raising=False)
    client = nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, timeout=300)
    client.execute()
    return notebook


def shown(cell):
    """The HTML and the text of what a cell ends with."""
    found = cell.outputs[-1]
    assert found.output_type == "execute_result"
    return found.data.get("text/html", ""), found.data["text/plain"]


def test_figure_and_answer_are_shown_in_place_of_a_bar(tmp_path, monkeypatch):
    cells = [
        "import seedband; from plain_model import Line, Loss, Sgd, make_loader",
        "seedband.lr_find(Line, make_loader, Loss, Sgd, seeds=20, steps=60, min_lr=1e-4)",
        "run = seedband.range_test(steps=10)\nfor _ in run.batches([0]): run.step(loss=1.0)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    executed(notebook, tmp_path, monkeypatch)
    html, text = shown(notebook.cells[1])
    assert html.count("<img") == 1
    answer = unescape(html[html.index("<strong>") + len("<strong>") : html.index("</strong>")])
    assert "of 20 seeds" in answer
    assert answer in text
    # The bar was updated in its place and is gone.
    bars = [output for output in notebook.cells[1].outputs if output.output_type == "display_data"]
    assert [bar.data["text/html"] for bar in bars] == [""]
    assert "seedband.lr_find(…, seeds=20)" in notebook.cells[2].outputs[0].text
    assert (tmp_path / "results" / "lr-find" / "aggregate" / "summary.json").is_file()


def test_the_example(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    notebook = executed(nbformat.read(EXAMPLE, 4), tmp_path, monkeypatch)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    html, text = shown(code[1])
    assert "<img" in html
    assert "Use LR" in text
    lr, (low, high), (support, seeds) = ast.literal_eval(shown(code[2])[1])
    assert low < lr < high
    assert 0.9 * seeds <= support <= seeds
