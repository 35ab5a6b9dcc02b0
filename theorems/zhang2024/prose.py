r"""What the text says outside its displays: formal readings of sentences, each with its place and our own paraphrase."""

from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s2_theory import GRID
from theorems.zhang2024.s4_logistic import LOGISTIC, STATED

zhang.statement(
    "s2.3.a",
    GRID,
    r"\eqref{2.29#1} = \eqref{2.7#1}",
    where="after (2.29)",
    cue="as shown in Equation (2.7)",
    says="the temperature of (2.29) is that of (2.7)",
)
zhang.statement(
    "s4.1.b",
    LOGISTIC,
    r"\eqref{4.5#2} = \eqref{4.4#3}",
    where="after (4.5)",
    cue="exactly the same as Equation",
    says="the second case gives the same energy as the first",
    let=STATED,
)
