"""Zhang (2024), "On the Temperature of Machine Learning Systems"."""

from theorems.zhang2024 import (
    appendix_a,
    appendix_b,
    appendix_c,
    appendix_d,
    appendix_e,
    comparisons,
    headings,
    prose,
    prose_later,
    references,
    s1_introduction,
    s2_shift,
    s2_theory,
    s3_energies,
    s3_linear,
    s3_mixing,
    s4_logistic,
    s4_uniform,
    s5_engines,
    s5_networks,
    simulations,
    tables,
)
from theorems.zhang2024.paper import zhang

#: In the order of the paper.
SECTIONS = (
    s1_introduction,
    s2_theory,
    s2_shift,
    s3_linear,
    s3_energies,
    s3_mixing,
    s4_logistic,
    s4_uniform,
    s5_networks,
    s5_engines,
    appendix_a,
    appendix_b,
    appendix_c,
    appendix_d,
    appendix_e,
    prose,
    prose_later,
    references,
    simulations,
    tables,
    comparisons,
    headings,
)
LIBRARY = zhang
