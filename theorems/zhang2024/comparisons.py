"""Temperatures of all systems side by side, in the limits that Sections 3 to 5 take."""

from derive.claim import Rated
from theorems.zhang2024.paper import zhang

SAME_DATA = "$x_{iK} = 1$, the data and every other size fixed; networks have data and sizes of their own"
zhang.compare(
    "Normal parameters",
    "sigma",
    f"every σ_j equal to σ, σ → ∞; {SAME_DATA}",
    Rated(system="MSE with an L2 penalty", claim="3.30#1", temperature="T_{L_2}"),
    Rated(system="MSE", claim="3.11#3"),
    Rated(system="MSE with an L1 penalty", claim="3.29#1", temperature="T_{L_1}"),
    Rated(system="MSE, some of the parameters uniform", claim="3.25#2", own=True),
    Rated(system="MAE", claim="3.39#2"),
    Rated(system="cross-entropy", claim="4.10#3", relation="∝"),
    Rated(system="a network of tanh units, MSE", claim="5.6#2", own=True),
    Rated(system="a network of logistic units, MSE", claim="5.8#1", own=True),
    Rated(system="a network of rectifiers in L ≥ 3 layers, MSE", claim="5.11#1", own=True),
)
zhang.compare(
    "Uniform parameters",
    "l",
    f"every l_j equal to l, l → ∞; {SAME_DATA}",
    Rated(system="MSE with an L2 penalty", claim="3.34#1", temperature="T_{L_2}"),
    Rated(system="MSE", claim="3.20#2"),
    Rated(system="MSE with an L1 penalty", claim="3.33#1", temperature="T_{L_1}"),
    Rated(system="MAE", claim="3.45#1"),
    Rated(system="cross-entropy", claim="4.14#3", relation="∝"),
    Rated(system="a network of tanh units, MSE", claim="E.2#1", temperature=r"T_{\rm sys}", own=True),
)
