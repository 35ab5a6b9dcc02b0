r"""Tables 1–3: where each row says a thing is treated, and each formula of Table 3, twice.

A formula of Table 3 is judged against the truth, in its regime, and against the last line of the equation that it
summarises. Rows are facts (`tables.json`); in a reader's own copy they are found by their labels.
"""

import json
from importlib import resources
from itertools import pairwise

from derive.reader.notation import Notation, names
from derive.verdict import Cited
from theorems.zhang2024 import prose_later as later
from theorems.zhang2024 import s3_energies as energies
from theorems.zhang2024 import s5_networks as networks
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.prose import RANKED_UNIFORM
from theorems.zhang2024.s3_linear import ALL_L, ALL_SIGMA, NORMAL, UNIFORM
from theorems.zhang2024.s4_logistic import LOGISTIC, STATED

_TEXT = resources.files("theorems.zhang2024").joinpath("tables.json").read_text(encoding="utf-8")
ROWS = {(r["table"], r["row"]): r for r in json.loads(_TEXT)}
WHERE = "row {row}: {label}"


def place(cell: str) -> list[str]:
    """Places that a cell names: "Section 2.3, Appendix B" -> 2.3, B."""
    words = cell.replace(",", " ").split()
    return [b for a, b in pairwise(words) if a in ("Section", "Appendix")]


# -- Table 1: terms and the sections that treat them -----------------------------------------------

ENERGY = "an energy"
#: Per row, for each place that it names: what has to be there, the left side, the body of the display.
TERMS: dict[int, tuple[tuple[str, str, str], ...]] = {
    1: (("energy and entropy of a system", r"dU", r"TdS"),),
    2: (("a temperature", r"T", r""),),
    3: (("entropy as a variable", r"dU", r"TdS"), ("an entropy of information", r"S_\{?\\text\{discrete\}\}?", r"\\log")),
    4: (("discrete and differential entropy", r"", r"S_\{\\text\{diff\}\}-\\log"), ("the entropy of a collapsed dimension", r"", r"\\log\\delta")),
    5: (("the energy of a set of initial parameters", r"E_0", r"E_ip_i|E_\{i\}p_\{i\}"),),
    6: (("the temperature of the transition", r"T", r"stageII"),),
    7: (("the temperature of a data shift", r"T_\{j,j\+1\}", r""),),
    8: (("a potential energy made of a loss", r"E_p", r""),),
    9: (("the parameters of least loss", r"", r"argmin"),),
    10: (("the entropy of the parameters", r"", r"parameter"),),
    11: (("the entropy of the data", r"", r"data"),),
    12: (("the temperature of a mixed system", r"T_\{A\\cupB\}", r""),),
    13: (("a temperature of retraining", r"T\(\\mathcal\{D\}_k\)", r""),),
    14: (("the efficiency", r"\\eta", r""),),
    15: (("the efficiency with bounded activations", r"\\eta", r"l_1\\overline\{X\^2\}"),),
    16: (("the efficiency with ReLU", r"\\eta", r"\\sigma\^\{2L\}"),),
}  # fmt: skip
for (table, number), row in ROWS.items():
    if table == 1:
        first, second = row["cells"]
        cited = [Cited(p, *t) for p, t in zip(place(row["text"]), TERMS[number], strict=True)]
        zhang.reference(
            f"table1.{number}", *cited, cells=row["cells"], where=WHERE.format(row=number, label=first),
            says=f"“{first}” and “{second}” are treated in {row['text']}",
        )  # fmt: skip

# -- Table 2: systems, methods, sections -----------------------------------------------------------

EXACT, LIMIT = "a temperature in full (=)", "a temperature in the limit (~ or ∝)"
#: Per row: the left side of the temperature, and what its display holds.
SYSTEMS = {
    1: ("T", r"\\ln\(?.{0,20}\\sigma"), 2: ("T", r"\\ln\(?l"), 3: ("T", r"const2"), 4: (r"T_\{?L_.*", r"\\lambda"),
    5: ("T", r""), 6: ("T", r"\\ln\\sigma"), 7: ("T", r"\\lnl"), 8: ("T", r"\\ln\\sigma"),
    9: ("T_p", r"\\ln\\sigma"), 10: (r"T.*", r"l_\{?[Lp].*\\lnl"),
}  # fmt: skip
for (table, number), row in ROWS.items():
    if table == 2:
        left, body = SYSTEMS[number]
        method, _, where = row["text"].partition(" ")
        energy, initial = row["cells"]
        (section,) = place(where)
        zhang.reference(
            f"table2.{number}",
            Cited(section, f"a temperature under {initial}", left, body),
            Cited("", EXACT if method == "analytic" else LIMIT, left, body, "=" if method == "analytic" else "~ ∝"),
            cells=row["cells"], where=WHERE.format(row=number, label=f"{energy}, {initial}"),
            says=f"the temperature of this system is worked out in {where}, by an {method} method",
        )  # fmt: skip


# -- Table 3: thirteen temperatures in the limit ---------------------------------------------------


def solution(row: int, notation: Notation, summarises: str, part: str = "", **more: object) -> None:
    """A formula of Table 3: its own claim, and that it is the last line of the equation it sums up."""
    r = ROWS[3, row]
    label = ", ".join(c for c in r["cells"] if not c.startswith("+"))
    zhang.statement(
        f"table3.{row}{part}", notation, r["latex"], printed=True, cells=r["cells"], where=WHERE.format(row=row, label=label),
        also=[rf"\eqref{{{summarises}}} = \eqref{{.#1}}"], result=True,
        says=f"the temperature in the limit, as ({summarises.split('#')[0]}) has it", **more,  # type: ignore[arg-type]
    )  # fmt: skip


solution(1, NORMAL, "3.11#3", regime=ALL_SIGMA)
solution(2, UNIFORM, "3.20#2", regime=ALL_L)
solution(3, energies.NORMAL, "3.29#1", regime=ALL_SIGMA)
solution(4, energies.NORMAL, "3.30#1", regime=ALL_SIGMA)
solution(5, energies.UNIFORM, "3.33#1", regime=ALL_L)
solution(6, energies.UNIFORM, "3.34#1", regime=ALL_L)
#: The bars of |X| are lost where bars part the cells of a table.
BARS = {r"\overline(X)": r"\overline(|X|)"}
solution(7, energies.AT_SIGMA.extend(slips=BARS), "3.39#2", regime=ALL_SIGMA)
solution(8, energies.MAE_UNIFORM.extend(slips=BARS), "3.45#1", regime=ALL_L)
solution(9, LOGISTIC, "4.10#3", regime=ALL_SIGMA, let=STATED)

UNDER_UNIFORM = RANKED_UNIFORM.extend(names=names({"T": r"T_{\text{C.E.}}"}))
solution(10, UNDER_UNIFORM, "4.14#4", regime=ALL_L)
solution(11, networks.globally(networks.ALL).extend(leading=later.BOUNDED), "5.6#2", regime=networks.WIDE, let=networks.TANH)
WITH_SHARE = r"\frac{l_L(\xi l_{L-1} + 1)}{\sum_{p=1}^{l_L} l_p(l_{p-1} + 1)} \left(\frac{\sigma^2}{\ln \sigma}\right)"
solution(11, networks.LOGISTIC.extend(leading=later.BOUNDED, closed={"T": WITH_SHARE}), "5.8#1", ".b", regime=networks.WIDE)
solution(12, networks.DEEP, "5.11#2", regime=networks.WIDE, let=networks.RELU)
