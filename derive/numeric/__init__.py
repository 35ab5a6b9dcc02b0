"""Independent numbers: exact points, floating point, rigorous balls, quadrature, logarithms."""

from derive.numeric.evaluate import enclose, evaluate, quadrature
from derive.numeric.fields import NoNumber
from derive.numeric.instance import Instance, sample
from derive.numeric.logarithmic import log_value
from derive.numeric.table import quotient_table

__all__ = [
    "Instance",
    "NoNumber",
    "enclose",
    "evaluate",
    "log_value",
    "quadrature",
    "quotient_table",
    "sample",
]
