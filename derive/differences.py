"""What differs from the accepted verdicts, in sentences that say what to do: for people, for CI, for pytest."""

from __future__ import annotations

import re
import shlex
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from derive.claim import Library
from derive.verdict import Checked, Equation, Verdict, Witness

#: A formula longer than this is cut in a message.
LONGEST = 400
#: So many equations are named in a sentence before it says "and more".
NAMED = 5


@dataclass(frozen=True)
class Difference:
    """One claim whose verdict is not the accepted one.

    Attributes
    ----------
    claim : "3.9#2".
    accepted : its verdict in the lock, None where it has none.
    found : what a run found, None where the print makes no such claim.

    Examples
    --------
    >>> print(Difference("3.9#2", "proved", None))
    3.9#2: proved in the lock, no such claim now
    """

    claim: str
    accepted: str | None
    found: Verdict | None

    @property
    def equation(self) -> str:
        return self.claim.partition("#")[0]

    @property
    def expected(self) -> str:
        return f"{self.accepted} in the lock" if self.accepted else "not in the lock"

    @property
    def got(self) -> str:
        return f"{self.found.verdict.value} now" if self.found is not None else "no such claim now"

    @property
    def reason(self) -> str:
        return self.found.reason if self.found is not None else ""

    def __str__(self) -> str:
        return f"{self.claim}: {self.expected}, {self.got}"


def difference(claim: str, accepted: str | None, found: Verdict | None) -> Difference | None:
    """How a claim differs from what is accepted; None when it does not."""
    return None if accepted == (None if found is None else found.verdict.value) else Difference(claim, accepted, found)


def differences(accepted: Mapping[str, str], checked: Checked, among: Container[str] | None = None) -> list[Difference]:
    """What differs from the lock: first the claims found, in the paper's order, then those that are gone.

    Parameters
    ----------
    accepted : claim -> accepted verdict.
    checked : what a run found.
    among : equations that the run was about, where that is not the whole paper; of the others nothing is said.
    """
    now = {v.id: v for v in checked.verdicts}
    gone = [c for c in accepted if c not in now and (among is None or c.partition("#")[0] in among)]
    pairs = [*((c, accepted.get(c), now[c]) for c in now), *((c, accepted[c], None) for c in gone)]
    return [d for d in (difference(*one) for one in pairs) if d is not None]


@dataclass(frozen=True)
class Advice:
    """Where the claims of a run come from and how the lock is renewed: what a message has to say at its end.

    Attributes
    ----------
    library : of the paper.
    copy : a reader's own copy that was judged in place of the built-in print, and its equations.
    lock : the lock that was named, where it is not the library's own.
    """

    library: Library
    copy: Path | None = None
    equations: Sequence[Equation] = ()
    lock: Path | None = None

    @property
    def record(self) -> str:
        """The command that records the present verdicts."""
        words = ["derive", "check", self.library.known_as]
        words += ["--source", str(self.copy)] if self.copy is not None else []
        own = self.lock or (self.copy.with_suffix(".lock") if self.copy is not None else None)
        return shlex.join([*words, *(["--lock", str(own)] if own is not None else []), "--write-lock"])

    def place(self, number: str) -> tuple[Path, int] | None:
        """File and line where an equation is to be mended: in the copy, else where the library declares it."""
        if self.copy is not None:
            line = next((e.line for e in self.equations if e.number == number), None)
            return (self.copy, line) if line else None
        declared = self.library.declared.get(number)
        return (Path(declared[0]), declared[1]) if declared and Path(declared[0]).is_file() else None

    def todo(self, numbers: Sequence[str]) -> tuple[str, str]:
        """What to do about differences in some equations: if they are meant, and else."""
        names = list(dict.fromkeys(numbers))
        which = ", ".join(_named(n) for n in names[:NAMED]) + (" and more" if len(names) > NAMED else "")
        mend = f"the declaration or the print of {which}"
        if self.copy is not None:
            mend = f"{which} in {shown(self.copy)}"
        elif len(names) == 1:
            declared, printed = self.place(names[0]), _printed(self.library, names[0])
            mend = f"the declaration{_at(declared)} or the print{_at(printed)} of {which}"
        after = f"review the diff of {shown(self.lock) if self.lock else 'verdicts.lock'}"
        if self.copy is not None and self.lock is None:
            after = "compare with that lock from then on (--locked --lock)"
        return f"If this is meant, record it: {self.record}, and {after}.", f"Else mend {mend}."

    def told(self, d: Difference) -> str:
        """All there is to say about one difference: claim, expected and found verdict, evidence, what to do."""
        lines = [f"{d.claim} is {d.expected}, {d.got}."]
        lines += [f"  {name:9} {_cut(text)}" for name, text in self._facts(d) if text]
        return "\n".join([*lines, *self.todo([d.equation])])

    def _facts(self, d: Difference) -> list[tuple[str, str]]:
        v = d.found
        if v is None:
            every = self.equations or (*self.library.equations, *self.library.passages)
            print_now = next((e.latex for e in every if e.number == d.equation), "")
            return [("printed", print_now), ("expected", d.accepted or ""), ("got", "no such relation sign")]
        facts = [
            ("claim", f"{v.printed_lhs} {v.relation} {v.printed_rhs}"),
            ("expected", d.accepted or "nothing, for want of an entry in the lock"),
            ("got", v.verdict.value),
            ("reason", v.reason),
            ("condition", v.condition or ""),
            ("witness", witness(v.witness) if v.witness else ""),
        ]
        if v.correction is not None:
            facts += [("for", v.correction.printed), ("read", v.correction.read)]
        return facts


def witness(w: Witness) -> str:
    """Where a claim fails, in one line.

    >>> witness(Witness(point={"a": "1/2"}, printed="2.0", true="3.0", digits=30))
    'at a = 1/2 printed 2.0, true 3.0'
    """
    at = ", ".join(f"{name} = {value}" for name, value in (w.point or {}).items())
    values = [f"printed {w.printed}" if w.printed else "", f"true {w.true}" if w.true else ""]
    parts = [f"at {at}" if at else "", ", ".join(x for x in values if x)]
    if w.limit is not None:
        parts.append(f"printed/true tends to {w.limit}")
    if w.regime:
        parts.append(f"as {w.regime}")
    return " ".join(p for p in parts if p)


def shown(path: Path) -> str:
    """A path as a message prints it: from the current folder where it lies in that."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def beside(library: Library, name: str) -> Path | None:
    """A file in the folder of a library's module; None where that is no folder."""
    for module in (f"theorems.{library.known_as}", library.known_as):
        try:
            spec = find_spec(module)
        except (ImportError, ValueError):
            continue
        if spec is not None and spec.origin is not None:
            return Path(spec.origin).with_name(name)
    return None


def _printed(library: Library, number: str) -> tuple[Path, int] | None:
    """Where a library with an equations.json keeps the print of an equation."""
    path = beside(library, "equations.json")
    if path is None or not path.is_file():
        return None
    wanted = re.compile(rf'"number":\s*"{re.escape(number)}"')
    lines = enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
    return next(((path, k) for k, line in lines if wanted.search(line)), None)


def _named(number: str) -> str:
    """An equation as people cite it; statements and table rows have names of their own."""
    return number if number.startswith(("s", "table")) else f"({number})"


def _at(place: tuple[Path, int] | None) -> str:
    return f" ({shown(place[0])}:{place[1]})" if place else ""


def _cut(text: str) -> str:
    """On one line, printable, of bearable length."""
    line = "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 2]} …"
