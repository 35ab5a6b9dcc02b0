"""Benchmarks: measured with `make bench`, run once and never timed by `make test`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from derive.deciding import Decider
from derive.library import load
from derive.runner import judge, tasks_for
from derive.unfold import read_latex, unfold


@pytest.mark.parametrize("arguments", [["--help"], ["show", "zhang2024", "3.5"]], ids=["help", "show-3.5"])
def test_command(benchmark, monkeypatch, arguments):
    """A command from a cold start, nothing cached."""
    monkeypatch.setenv("DERIVE_CACHE", "off")
    command = [sys.executable, "-m", "derive", *arguments]
    done = benchmark.pedantic(subprocess.run, args=[command], kwargs={"check": True, "capture_output": True}, rounds=3)
    assert done.stdout


def test_general_energy(benchmark):
    """⟨E₀⟩ of a linear fit for symbolic K and n, from its definition to its normal form."""
    entry = load("zhang2024").entries["3.8"]
    term = unfold(read_latex(r"\langle E_0 \rangle", entry.notation), entry.notation)

    def derive_it():
        return Decider(load("zhang2024")).normal(entry.notation.context).ratio(term)

    assert benchmark(derive_it).num.terms


def test_four_equations(benchmark, monkeypatch):
    """Four equations of Section 3, one after another, nothing cached."""
    monkeypatch.setenv("DERIVE_CACHE", "off")
    library = load("zhang2024")
    tasks = tasks_for(library, library.equations, ["3.3", "3.5", "3.8", "3.23"])
    done = benchmark.pedantic(lambda: [judge(t) for t in tasks], rounds=1)
    assert all(d["verdicts"] for d in done)
