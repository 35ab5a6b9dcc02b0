"""Simulated systems: they agree with what is derived, and would not with anything else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest

from derive.errors import Conflict
from derive.judging import Judge
from derive.library import load
from derive.montecarlo import MOST, simulation, standard_error
from derive.simulated import Simulated, SimulatedNetwork
from derive.term import Term, term

LIBRARY = load("zhang2024")
TEMPERATURES = [n for n, e in LIBRARY.entries.items() if e.simulate is not None]


@dataclass(frozen=True)
class Shifted(Simulated):
    """A system with one of its derived quantities off by a factor."""

    name: str = "⟨E₀⟩"
    factor: Term = term(21) / 20

    @property
    def derived(self) -> dict[str, Term]:
        return {k: self.factor * t if k == self.name else t for k, t in super().derived.items()}


def shifted(rig: Simulated | SimulatedNetwork, name: str, factor: Term) -> Simulated | SimulatedNetwork:
    if isinstance(rig, Simulated):
        return Shifted(rig.system, rig.penalty, rig.sizes, rig.notation, name, factor)
    return replace(rig, derived={k: factor * t if k == name else t for k, t in rig.derived.items()})


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(LIBRARY)


@pytest.mark.parametrize("number", TEMPERATURES)
def test_systems_agree_with_what_is_derived(number: str, judge: Judge) -> None:
    sentence = simulation(LIBRARY.entries[number], LIBRARY, judge.decider)
    assert "derived" in sentence and "not compared" not in sentence


@pytest.mark.parametrize("number", TEMPERATURES)
def test_a_mean_energy_off_by_a_twentieth_is_a_conflict(number: str, judge: Judge) -> None:
    entry = LIBRARY.entries[number]
    energy = [name for name in entry.simulate.derived if "E" in name and "f" not in name][-1]  # the last layer's
    wrong = replace(entry, simulate=shifted(entry.simulate, energy, term(21) / 20))
    with pytest.raises(Conflict, match="simulated"):
        simulation(wrong, LIBRARY, judge.decider)


@pytest.mark.parametrize("name", ["S₀", "E_f"])
def test_entropy_and_least_energy_are_held_to_it_too(name: str, judge: Judge) -> None:
    entry = LIBRARY.entries["3.11"]
    with pytest.raises(Conflict):
        simulation(replace(entry, simulate=shifted(entry.simulate, name, term(51) / 50)), LIBRARY, judge.decider)


def test_the_same_run_gives_the_same_sentence(judge: Judge) -> None:
    entry = LIBRARY.entries["3.11"]
    first = simulation(entry, LIBRARY, judge.decider)
    assert first == simulation(replace(entry, simulate=replace(entry.simulate)), LIBRARY, judge.decider)


def test_the_error_covers_the_mean_of_heavy_tails() -> None:
    """Products of squares of normals, as in layers of rectifiers: few of many means lie beyond their own errors."""
    beyond = 0
    for seed in range(200):
        draws = np.prod(np.random.default_rng(seed).standard_normal((3, 20_000)) ** 2, axis=0)
        beyond += abs(draws.mean() - 1) > 3 * standard_error(draws)
        assert abs(draws.mean() - 1) < MOST * standard_error(draws)
    assert beyond <= 6


def test_help_does_not_wait_for_numpy() -> None:
    code = "import sys; from derive.cli import main; main(['--help']); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
