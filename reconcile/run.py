"""The stages of the program in their order: from readings to the frozen Result."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from reconcile import __version__, causes, derive, gaps, ledger, match
from reconcile.assumptions import Book
from reconcile.balance.accounts import accounts
from reconcile.balances import balances
from reconcile.basis import Context, to_basis
from reconcile.findings import View, all_findings
from reconcile.gather import gathered, inputs_table, set_aside, sources_table
from reconcile.indices import indices
from reconcile.result import Basis, Result
from reconcile.sensitivity import sensitivity
from sources.errors import InputError, Problem
from sources.figures import Reading

BALANCED_AT_MOST = 20_000  # figures; beyond it the command balance is asked for


def run(
    readings: Sequence[Reading],
    basis: Basis,
    assumptions: pd.DataFrame | None = None,
    *,
    title: str = "Reconciliation of trade figures",
    say: Callable[[str], None] = lambda stage: None,
) -> Result:
    """Give the Result of readings on a basis; `assumptions` is the user's own table, which comes first.

    `say` is told the stage under way. Raises InputError with every missing rate or deflator, and where
    there is no figure at all.
    """
    book = Book(assumptions)
    if basis.tolerance is None:
        basis = Basis(basis.currency, basis.prices, book.value("tolerance"))
    else:
        book.override("tolerance", basis.tolerance, "given with --tolerance")
    say("Gathering the figures")
    printed, doubles = gathered(readings, book)
    if printed.empty:
        raise InputError(_nothing(readings))
    say("Bringing the figures to one basis")
    context = Context(basis, book)
    figures, steps = to_basis(printed, context)
    if context.problems:
        raise InputError(_once(context.problems))
    figures = figures.assign(origin=match.origins(figures), derived=False)
    say("Deriving sums and remainders")
    derived = derive.derive(figures, basis.currency)
    derive.national_sums(figures, derived)
    figures = pd.concat([figures, *derived.figures], ignore_index=True)
    turned, turns = derive.turned(figures, derived.pairs())
    steps = pd.concat([steps, *derived.ledger], ignore_index=True)
    if len(turned):
        figures = pd.concat([figures, turned], ignore_index=True)
        steps = pd.concat([steps, turns], ignore_index=True)
    ledger.check(steps, figures)
    ledger.count(printed, figures)
    say("Pairing the figures")
    cases = gaps.cases(figures, derived.pairs(), float(basis.tolerance or 0.0), basis.prices)
    members = gaps.located(cases, figures)
    say("Naming the causes")
    cases, claims = causes.explain(cases, figures, members, book, basis.prices)
    say("Balancing")
    balanced = balances(cases, figures, claims)
    sums = accounted(figures, book)
    swings = sensitivity(cases, figures, steps, claims, book.table())
    say("Listing the findings")
    view = View(basis, figures, cases, members, claims, book)
    findings = all_findings(view, [*(reading.findings for reading in readings), doubles])
    return Result(
        basis=basis,
        figures=figures,
        ledger=steps,
        assumptions=book.table(),
        cases=cases,
        members=members,
        causes=claims,
        balances=balanced,
        sensitivity=swings,
        findings=findings,
        sources=sources_table(figures),
        inputs=inputs_table(readings),
        set_aside=set_aside(readings),
        indices=indices(cases, members),
        accounts=sums[0],
        constraints=sums[1],
        title=title,
        version=__version__,
    )


def accounted(figures: pd.DataFrame, book: Book) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Balance all figures under their accounting constraints: (accounts, constraints), empty without any.

    A file of more than BALANCED_AT_MOST figures is left to the command balance.
    """
    nothing = pd.DataFrame(), pd.DataFrame()
    if len(figures) > BALANCED_AT_MOST:
        return nothing
    row = book.row("cif-factor")
    spread = (float(row["low"]), float(row["high"]))
    found = accounts(figures, cif=float(row["value"]), cif_range=spread)
    identities = found.found.constraints
    if identities.empty or identities["constraint"].str.startswith("same:").all():
        return nothing
    return found.table, identities


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _nothing(readings: Sequence[Reading]) -> list[Problem]:
    """Say for each file why it gave no figure."""
    problems = []
    for reading in readings:
        aside = len(reading.set_aside)
        found = (
            f"no figure was read ({aside} rows were set aside)" if aside else "no figure was read"
        )
        reasons = "; ".join(dict.fromkeys(map(str, reading.set_aside["reason"].head(3))))
        advice = (
            reasons
            or "Give a file that holds trade figures; the command figures shows what was read."
        )
        problems.append(
            Problem(str(reading.facts.get("file", "")), "", found, advice, "NO_FIGURES")
        )
    return problems
