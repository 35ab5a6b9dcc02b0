"""Names that look alike, and factors that belong on the other side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from derive.reader.notation import Notation
from derive.term import Add, App, Elem, Mul, Sum, Sym, Term, free, mul


def divided(left: Term, right: Term, index: str) -> tuple[Term, Term] | None:
    """The factors of `left` that carry a stray index, taken into the sums over it on the other side as divisors."""
    factors = left.factors if isinstance(left, Mul) else (left,)
    stray = mul(*(f for f in factors if index in free(f)))

    def inside(t: Term) -> Term | None:
        if isinstance(t, Sum) and t.index == index:
            return Sum(t.index, t.low, t.high, t.body / stray)
        if isinstance(t, Mul):
            done = [inside(f) for f in t.factors]
            new = [f if d is None else d for f, d in zip(t.factors, done, strict=True)]
            return Mul(tuple(new)) if sum(d is not None for d in done) == 1 else None
        if isinstance(t, Add):
            each = [inside(x) for x in t.terms]
            return Add(tuple(x for x in each if x is not None)) if None not in each else None
        return None

    moved = inside(right)
    return None if moved is None else (mul(*(f for f in factors if index not in free(f))), moved)


def look_alikes(name: str, notation: Notation) -> Iterator[str]:
    """Named quantities whose spelling differs in one character: ⟨E_{L_1}⟩ and ⟨E_{L_2}⟩."""
    for other in notation.names:
        if len(name) > 1 and len(other) == len(name) and sum(a != b for a, b in zip(name, other, strict=True)) == 1:
            yield other


def replace_all(t: Term, table: dict[str, str]) -> Term:
    """Rename symbols, families and indices throughout, binders included."""
    if isinstance(t, Sym):
        return Sym(table.get(t.name, t.name))
    if isinstance(t, (Elem, App)):
        parts = t.index if isinstance(t, Elem) else t.args
        return type(t)(table.get(t.name, t.name), tuple(replace_all(x, table) for x in parts))
    values = []
    for f in fields(t):  # type: ignore[arg-type]
        v = getattr(t, f.name)
        if isinstance(v, Term):
            v = replace_all(v, table)
        elif isinstance(v, tuple):
            v = tuple(replace_all(x, table) for x in v)
        values.append(v)
    return type(t)(*values)
