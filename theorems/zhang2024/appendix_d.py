r"""Appendix D: the fundamental relation in every frame, (D.1) and (D.2)."""

from derive.kernel.context import Context
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s1_introduction import THERMODYNAMICS, P, S, T, U, V, d

#: The fundamental relation of a system that exchanges no particles.
CLOSED = THERMODYNAMICS.extend(context=Context(facts=((d(U), T * d(S) - P * d(V)),)))

zhang.equation("D.1", CLOSED, premise="the fundamental relation of thermodynamics, taken to hold in every frame")
zhang.equation("D.2", CLOSED, uses=["D.1"], result=True)
