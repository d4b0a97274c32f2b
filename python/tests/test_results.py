"""Reading results folders."""

import html
import json
import shutil
import sys
from pathlib import Path

import pytest

import seedband
from seedband._numbers import format_lr

SMALL = Path(__file__).parent / "results" / "small"
ANSWER = json.loads((SMALL / "report" / "answers.json").read_text())["base"]


@pytest.fixture
def folder(tmp_path):
    """A copy of the small study with a report."""
    copy = tmp_path / "small"
    shutil.copytree(SMALL, copy)
    (copy / "report" / "index.html").write_text("<html>")
    return copy


def changed(folder, change):
    """The folder with its summary changed."""
    path = folder / "aggregate" / "summary.json"
    summary = json.loads(path.read_text())
    change(summary)
    path.write_text(json.dumps(summary))
    return folder


def without_pandas(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


def test_the_answer_in_numbers_and_words(folder):
    result = seedband.load(folder)
    assert result.configs == ["base"]
    assert result.range == pytest.approx((7.49894e-3, 0.0133352), rel=1e-5)
    assert result.lr == pytest.approx(0.0115478, rel=1e-5)
    assert (result.kind, result.support, result.expected) == ("use", (20, 20), 0.95)
    assert result.answer == ANSWER
    assert result.report() == folder / "report" / "index.html"
    assert repr(result) == f"small: {ANSWER}\nbase: max LR 0.021 (10-90 %: 0.013 to 0.024), 20 of 20 seeds diverged"


def test_tables_are_data_frames(folder):
    pandas = pytest.importorskip("pandas")
    result = seedband.load(str(folder))
    assert isinstance(result.ranges, pandas.DataFrame)
    assert result.ranges["max_lr"].median() == pytest.approx(0.0207482655785029)
    assert list(result.curves.columns[:6]) == ["config", "seed", "step", "lr", "loss", "smoothed"]


def test_tables_without_pandas_are_dictionaries(folder, monkeypatch):
    without_pandas(monkeypatch)
    first = seedband.load(folder).ranges[0]
    assert (first["config"], first["seed"], first["max_lr"]) == ("base", 0, 0.013335214321633242)
    assert (first["min_lr_reason"], first["min_lr_fallback"], first["end"]) == (None, False, "halted")


def test_a_notebook_gets_figure_and_answer(folder):
    shown = seedband.load(folder)._repr_html_()
    assert shown.startswith('<img alt="Smoothed loss by learning rate over the seeds of base"')
    assert shown.count("data:image/svg+xml;base64,") == 1
    assert shown.endswith(f"<p><strong>{html.escape(ANSWER)}</strong></p>")


def test_one_of_several_configs_is_chosen(folder, monkeypatch):
    def add(summary):
        summary["configs"].append({**summary["configs"][0], "name": "<b>"})

    (folder / "report" / "answers.json").write_text(json.dumps({"base": ANSWER, "<b>": ANSWER}))
    result = seedband.load(changed(folder, add))
    assert result.configs == ["base", "<b>"]
    with pytest.raises(seedband.SeedbandError, match=r"the study has 2 configs; choose one, as result\['base'\]"):
        _ = result.lr
    assert result["<b>"].lr == pytest.approx(0.0115478, rel=1e-5)
    assert result.answer.splitlines() == [f"base: {ANSWER}", f"<b>: {ANSWER}"]
    assert len(repr(result).splitlines()) == 5
    assert "<p>&lt;b&gt;: <strong>Use LR 0.012." in result._repr_html_()
    # The second has no figure of its own.
    assert result._repr_html_().count("<img") == 1
    for pandas in (True, False):
        if not pandas:
            without_pandas(monkeypatch)
        assert (len(result.ranges), len(result["base"].ranges), len(result["<b>"].ranges)) == (20, 20, 0)
    with pytest.raises(seedband.SeedbandError, match="there is no config `a`; there are base, <b>"):
        result["a"]


def test_what_is_missing_is_said_with_the_command_that_makes_it(folder):
    (folder / "report" / "index.html").unlink()
    with pytest.raises(seedband.SeedbandError, match="has no report; make it: seedband report "):
        seedband.load(folder).report()
    (folder / "aggregate" / "curves.csv").unlink()
    with pytest.raises(seedband.SeedbandError, match=f"aggregate the study: seedband aggregate {folder}"):
        _ = seedband.load(folder).curves
    with pytest.raises(seedband.SeedbandError, match="was aggregated by another version of seedband"):
        seedband.load(changed(folder, lambda summary: summary.update(version=1)))
    with pytest.raises(seedband.SeedbandError, match=r"has no aggregate/summary.json; make it: seedband report "):
        seedband.load(folder / "nothing")


def test_learning_rates_look_as_in_the_report():
    values = [1e-7, 3.52e-3, 0.00999, 0.0100, 0.42, 1.0, 2.05, 99.6, 1234.0, 12345.0]
    expected = ["1.0e-7", "3.5e-3", "0.010", "0.010", "0.42", "1.0", "2.0", "100", "1200", "1.2e4"]
    assert [format_lr(value) for value in values] == expected


@pytest.mark.skipif(sys.platform == "win32", reason="starts a script as a program")
def test_the_program_is_found_and_its_complaint_passed_on(tmp_path, monkeypatch):
    from seedband._program import run_program

    program = tmp_path / "seedband"
    program.write_text("#!/bin/sh\necho \"error: no such $1\" >&2\necho 'do that'\nexit 96\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    with pytest.raises(seedband.SeedbandError, match="`seedband import` failed: error: no such import do that"):
        run_program("import")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(seedband.SeedbandError, match="the program `seedband` is not on the PATH; name it with"):
        run_program("import")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(seedband.SeedbandError, match="`seedband import` failed"):
        run_program("import")
