"""Zhang (2024), "On the Temperature of Machine Learning Systems"."""

from theorems.zhang2024 import s3_linear
from theorems.zhang2024.paper import zhang

SECTIONS = (s3_linear,)
LIBRARY = zhang
