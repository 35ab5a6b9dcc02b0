"""Zhang (2024), "On the Temperature of Machine Learning Systems"."""

from theorems.zhang2024 import appendix_e, s1_introduction, s2_theory, s3_linear, s4_logistic, s5_engines
from theorems.zhang2024.paper import zhang

SECTIONS = (s1_introduction, s2_theory, s3_linear, s4_logistic, s5_engines, appendix_e)
LIBRARY = zhang
