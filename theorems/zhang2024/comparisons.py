"""Temperatures of all systems side by side, in the limits that Sections 3 to 5 take."""

from derive.claim import Rated
from theorems.zhang2024.paper import zhang

SAME_DATA = "x_iK = 1, the data and every other size fixed"
zhang.compare(
    "Normal parameters",
    f"every σ_j equal to σ, σ → ∞; {SAME_DATA}",
    Rated(system="MSE with an L2 penalty", claim="3.30#1", temperature="T_{L_2}"),
    Rated(system="MSE", claim="3.11#3"),
    Rated(system="MSE with an L1 penalty", claim="3.29#1", temperature="T_{L_1}"),
    Rated(system="MSE, some of the parameters uniform", claim="3.25#2", own=True),
    Rated(system="MAE", claim="3.39#2"),
    Rated(system="cross-entropy", claim="4.10#3"),
)
zhang.compare(
    "Uniform parameters",
    f"every l_j equal to l, l → ∞; {SAME_DATA}",
    Rated(system="MSE with an L2 penalty", claim="3.34#1", temperature="T_{L_2}"),
    Rated(system="MSE", claim="3.20#2"),
    Rated(system="MSE with an L1 penalty", claim="3.33#1", temperature="T_{L_1}"),
    Rated(system="MAE", claim="3.45#1"),
)
