"""Formulas of prediction and target in plain notation, (f - y)**4: parsed, never run."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction

from derive.errors import Unreadable
from derive.term import ONE, TWO, Fn, Num, Sym, Term, exp, ln, neg, sqrt

LONGEST, DEEPEST = 400, 30
#: Names of the prediction and of the target.
PREDICTION, TARGET = ("f", "s", "yhat", "prediction", "score", "logit"), ("y", "target")


def absolute(z: Term) -> Term:
    return Fn("abs", (z,))


def cosh(z: Term) -> Term:
    return (exp(z) + exp(neg(z))) / TWO


def softplus(z: Term) -> Term:
    return ln(ONE + exp(z))


def larger(a: Term, b: Term) -> Term:
    return (a + b + absolute(a - b)) / 2


def smaller(a: Term, b: Term) -> Term:
    return (a + b - absolute(a - b)) / 2


FUNCTIONS = {
    "abs": (absolute, 1), "exp": (exp, 1), "log": (ln, 1), "ln": (ln, 1), "sqrt": (sqrt, 1), "cosh": (cosh, 1),
    "softplus": (softplus, 1), "max": (larger, 2), "min": (smaller, 2),
}  # fmt: skip


def plain(text: str, known: Mapping[str, Term]) -> Term:
    """A formula as a term.

    Raises
    ------
    Unreadable
        It holds anything but numbers, known names and functions, + − * / and whole powers.

    Examples
    --------
    >>> from derive.term import Sym
    >>> str(plain("(f - y)**2", {"f": Sym("s"), "y": Sym("y")})) == str((Sym("s") - Sym("y")) ** 2)
    True
    """
    if len(text) > LONGEST:
        raise Unreadable(f"it has {len(text)} characters and at most {LONGEST} are read")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise Unreadable("it is no formula") from None
    return _term(tree.body, known, 0)


def _term(node: ast.expr, known: Mapping[str, Term], depth: int) -> Term:
    if depth > DEEPEST:
        raise Unreadable("it is nested too deeply")

    def go(x: ast.expr) -> Term:
        return _term(x, known, depth + 1)

    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        if not abs(node.value) < 1e12:
            raise Unreadable("it holds a number that is too large")
        return Num(Fraction(str(node.value)))
    if isinstance(node, ast.Name):
        if node.id not in known:
            raise Unreadable(f"{node.id[:40]!r} stands for nothing: f is the prediction, y the target, the rest --set")
        return known[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return neg(go(node.operand)) if isinstance(node.op, ast.USub) else go(node.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return go(node.left) ** _exponent(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        a, b = go(node.left), go(node.right)
        if isinstance(node.op, ast.Div):
            if b == Num(Fraction(0)):
                raise Unreadable("it divides by 0")
            return a / b
        return a + b if isinstance(node.op, ast.Add) else a - b if isinstance(node.op, ast.Sub) else a * b
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        found = FUNCTIONS.get(node.func.id)
        if found is None:
            raise Unreadable(f"the function {node.func.id[:40]!r} is not known; there are {', '.join(FUNCTIONS)}")
        of, count = found
        if len(node.args) != count:
            raise Unreadable(f"{node.func.id} takes {count} argument{'s' * (count > 1)}")
        return of(*(go(a) for a in node.args))  # type: ignore[operator]
    raise Unreadable("it holds more than numbers, names, functions and + - * / **")


def _exponent(node: ast.expr) -> int:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    if not (isinstance(node, ast.Constant) and type(node.value) is int and 0 <= node.value <= 8):
        raise Unreadable("a power other than a whole number up to 8")
    return sign * node.value


def names(known: Mapping[str, Term]) -> dict[str, Term]:
    """The names that a formula may hold: parameters first, which may hide other names of the prediction."""
    return {**dict.fromkeys(PREDICTION, Sym("s")), **dict.fromkeys(TARGET, Sym("y")), "pi": Sym("pi"), **known}
