"""A CSV file as arrays: a header, one row a sample, numbers in the columns that are used; anything else is told."""

from __future__ import annotations

import csv
import os
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from derive.errors import DeriveError

Array = np.ndarray[Any, np.dtype[Any]]
LARGEST = 1 << 30  # bytes
LINE = 1 << 20  # characters of one line
COLUMNS = 2000
INTERCEPT = "(intercept)"
#: What marks a value that is not there.
MISSING = ("", "na", "n/a", "nan", "null", "none", "?", "-", ".")


@dataclass(frozen=True)
class Dataset:
    """Samples of a problem.

    Attributes
    ----------
    name : of the file, as it was given.
    features : names of the columns of X, the intercept's last.
    target : name of the column y.
    X, y : n rows and K columns of numbers, n targets (numbers, or text where they are classes).
    """

    name: str
    features: tuple[str, ...]
    target: str
    X: Array
    y: Array

    @property
    def sizes(self) -> str:
        n, K = self.X.shape
        return f"{n} row{'s' * (n != 1)}, {K} parameter{'s' * (K != 1)}"

    def with_intercept(self) -> Dataset:
        """A last column of ones.

        Examples
        --------
        >>> Dataset("-", ("a",), "y", np.array([[2.0]]), np.array([1.0])).with_intercept().X.tolist()
        [[2.0, 1.0]]
        """
        X = np.c_[self.X, np.ones(len(self.X))]
        return replace(self, X=X, features=(*self.features, INTERCEPT))


def read(path: str, target: str, features: Sequence[str] = (), classes: bool = False) -> Dataset:
    """Columns of a CSV file.

    Parameters
    ----------
    target : name of the column that is predicted.
    features : columns to predict from; all others where none are named.
    classes : targets are names of classes and may be text.

    Raises
    ------
    DeriveError
        There is no such file or column, or a value is no finite number; with the line and the column.
    """
    file = Path(path)
    header, separator = _header(file, path)
    for wanted in (target, *features):
        if wanted not in header:
            raise DeriveError(f"{path} has no column {wanted[:60]!r}; it has {_listed(header)}.")
    if len(set(features)) < len(features):
        doubled = next(f for f in features if features.count(f) > 1)
        raise DeriveError(f"--features names {doubled!r} twice: name each column once.")
    if target in features:
        raise DeriveError(f"--features holds the target {target!r}: predict it from the other columns.")
    named = tuple(features) or tuple(h for h in header if h != target)
    if not named:
        raise DeriveError(f"{path} has no column beside the target {target!r}: nothing to predict it from.")
    used = [header.index(h) for h in named]
    labels: Array | None = None
    if classes:
        X, labels = _slowly(file, path, header, separator, used, header.index(target))
    else:
        columns = [*used, header.index(target)]
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines, warnings.catch_warnings():
                warnings.simplefilter("error")  # of a file without rows
                whole = np.loadtxt(
                    lines, delimiter=separator, skiprows=1, usecols=columns, comments=None, quotechar='"', ndmin=2
                )
        except (ValueError, OverflowError, UserWarning):
            whole = None
        if whole is None or not len(whole) or not np.isfinite(whole).all() or _ragged(file, separator, len(header)):
            whole, _ = _slowly(file, path, header, separator, columns, None)  # says where, if anything is wrong
        X, labels = whole[:, :-1], whole[:, -1]
    return Dataset(path, named, target, np.ascontiguousarray(X), np.ascontiguousarray(labels))


def _header(file: Path, path: str) -> tuple[list[str], str]:
    try:
        size = os.path.getsize(file)
        if file.is_dir():
            raise DeriveError(f"{path} is a folder: name a CSV file.")
        if size > LARGEST:
            raise DeriveError(
                f"{path} holds {size / 2**30:.1f} GB and at most {LARGEST / 2**30:.0f} GB are read: "
                "hand in a sample of its rows."
            )
        with file.open(encoding="utf-8-sig", newline="") as lines:
            first = lines.readline(LINE)
    except UnicodeDecodeError:
        raise DeriveError(f"{path} is no text in UTF-8: save it as a CSV file in UTF-8.") from None
    except (OSError, ValueError) as e:
        raise DeriveError(f"{path} can't be read ({getattr(e, 'strerror', None) or e}): name a CSV file.") from None
    if not first.strip():
        raise DeriveError(f"{path} is empty: its first line has to name the columns.")
    if "\0" in first or len(first) >= LINE:
        raise DeriveError(f"{path} is no CSV file: its first line is not a row of column names.")
    separator = next((s for s in (",", ";", "\t") if s in first), ",")
    header = [h.strip() for h in next(csv.reader([first.rstrip("\r\n")], delimiter=separator))]
    if all(_is_number(h) for h in header):
        raise DeriveError(f"The first line of {path} holds numbers: put a line with the columns' names before it.")
    if len(header) > COLUMNS:
        raise DeriveError(f"{path} has {len(header)} columns, and at most {COLUMNS} are read.")
    for at, h in enumerate(header):
        if not h:
            raise DeriveError(f"Column {at + 1} of {path} has no name: name it in the first line.")
        if header.index(h) != at:
            raise DeriveError(f"{path} has two columns called {h[:60]!r}: rename one of them.")
    return header, separator


def _ragged(file: Path, separator: str, columns: int) -> bool:
    """Whether lines have other than as many separators as the header; quotes are left to the slow way."""
    with file.open("rb") as lines:
        sep = separator.encode()
        for block in iter(lambda: lines.readlines(1 << 24), []):
            if any(x.count(sep) != columns - 1 and x.strip() for x in block):
                return True
    return False


def _slowly(
    file: Path, path: str, header: list[str], separator: str, columns: list[int], label: int | None
) -> tuple[Array, Array]:
    """Row by row, with the place of the first value that is no number."""
    rows: list[list[float]] = []
    labels: list[str] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, delimiter=separator)
            next(reader)
            for row in reader:
                if not any(x.strip() for x in row):
                    continue
                at = f"line {reader.line_num} of {path}"
                if len(row) != len(header):
                    raise DeriveError(
                        f"{at[0].upper()}{at[1:]} has {len(row)} field{'s' * (len(row) != 1)} and the header "
                        f"{len(header)}: mend that line."
                    )
                rows.append([_number(row[c], header[c], at) for c in columns])
                if label is not None:
                    labels.append(row[label].strip())
                    if labels[-1].lower() in MISSING:
                        raise DeriveError(f"Column {header[label]!r} is empty in {at}: drop or fill that row.")
    except UnicodeDecodeError:
        raise DeriveError(f"{path} is no text in UTF-8: save it as a CSV file in UTF-8.") from None
    except csv.Error as e:
        raise DeriveError(f"{path} can't be read as CSV ({e}): look at its quotes.") from None
    if not rows:
        raise DeriveError(f"{path} has a header and no rows: nothing to fit.")
    return np.array(rows), np.array(labels)


def _number(text: str, column: str, at: str) -> float:
    text = text.strip()
    if text.lower() in MISSING:
        raise DeriveError(f"Column {column!r} has no value in {at}: drop or fill that row.")
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        raise DeriveError(f"Column {column!r} holds {text[:40]!r} in {at}: write decimals with a point.")
    try:
        found = float(text)
    except ValueError:
        raise DeriveError(
            f"Column {column!r} holds {text[:40]!r} in {at}, which is no number: "
            "turn it into numbers, or leave the column out with --features."
        ) from None
    if not np.isfinite(found):
        raise DeriveError(f"Column {column!r} holds {text[:40]!r} in {at}, which is not finite: drop that row.")
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(h[:40] for h in header[:12])
    return f"{shown}, and {len(header) - 12} more" if len(header) > 12 else shown
