"""Zhang (2024), "On the Temperature of Machine Learning Systems"."""

from theorems.zhang2024 import prose, s1_introduction, s2_theory, s3_linear, s4_logistic, tables
from theorems.zhang2024.paper import zhang

SECTIONS = (s1_introduction, s2_theory, s3_linear, s4_logistic, prose, tables)
LIBRARY = zhang
