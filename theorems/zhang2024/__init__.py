"""Zhang (2024), "On the Temperature of Machine Learning Systems"."""

from theorems.zhang2024 import (
    appendix_a,
    appendix_b,
    appendix_c,
    appendix_d,
    s1_introduction,
    s2_theory,
    s3_linear,
    s4_logistic,
)
from theorems.zhang2024.paper import zhang

SECTIONS = (s1_introduction, s2_theory, s3_linear, s4_logistic, appendix_a, appendix_b, appendix_c, appendix_d)
LIBRARY = zhang
