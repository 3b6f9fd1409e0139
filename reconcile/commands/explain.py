"""`reconcile explain`: the gap of each case taken apart on the terminal, from the printed text to the residual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconcile.commands import options

if TYPE_CHECKING:
    import pandas as pd

    from reconcile.result import Result

OPEN = ("discrepancy", "within tolerance", "not comparable")
LONGEST = 160  # characters of a place; that of a sum names all its parts
STEPS_SHOWN = 8
GAPS = (*OPEN, "within rounding")


@click.command()
@options.files
@click.option(
    "--case",
    "ids",
    multiple=True,
    metavar="ID",
    help="Explain this case; may be given several times. `reconcile check` lists the ids.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="Without --case: how many cases, the largest gaps first.",
)
@options.basis
@options.reading
@options.common
def command(
    files: tuple[str, ...], ids: tuple[str, ...], most: int, quiet: bool, **chosen: Any
) -> None:
    """Take the gap of each case apart, step by step.

    Shows both printed figures with quote and place, the steps to one basis, the causes in the order in
    which they claim, the residual, what another order would give, and what other causes would need. With
    no FILE, the bundled example.
    """
    from reconcile.commands.reading import progress, result_of

    with progress(quiet) as say:
        result = result_of(files, chosen, say)
    click.echo(text(result, ids, most))


def text(result: Result, ids: tuple[str, ...] = (), most: int = 10) -> str:
    """Give the explanation of the chosen cases, or of the `most` largest gaps. Raises InputError for an unknown id."""
    from reconcile.assumptions import Book
    from reconcile.causes import ground_of, proposals
    from reconcile.causes.settle import order_effects

    cases, left = _chosen(result, ids, most)
    book = Book(result.assumptions)
    ground = ground_of(result.cases, result.figures, result.members, book, result.basis.prices)
    asked = proposals(ground)
    effects = order_effects(cases, asked[asked["case"].isin(cases["id"])])
    figures = result.figures.drop_duplicates("id").set_index("id", drop=False)
    steps = result.ledger.groupby("figure", sort=False)
    parts = [
        "\n".join(_case(row, result, figures, steps, effects)) for row in cases.to_dict("records")
    ]
    parts += _needs(result, cases)
    if left:
        parts.append(f"{left} smaller gaps are not shown: name one with --case, or raise --most.")
    return "\n\n".join(parts) if parts else "No two figures meet: there is no gap to explain."


def _chosen(result: Result, ids: tuple[str, ...], most: int) -> tuple[pd.DataFrame, int]:
    from sources.errors import InputError, Problem
    from sources.words import nearest

    cases = result.cases
    if not ids:
        gaps = cases[cases["verdict"].isin(GAPS) & cases["gap"].notna()]
        size = gaps["gap"].abs().sort_values(ascending=False, kind="stable").index
        return gaps.loc[size[:most]], max(0, len(gaps) - most)
    known = set(cases["id"])
    problems = [
        Problem("", "--case", f"there is no case {key!r}",
                "The nearest: " + ", ".join(nearest(key, sorted(known), 3)), "UNKNOWN_CASE")
        for key in ids if key not in known
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return cases.set_index("id", drop=False).loc[list(dict.fromkeys(ids))], 0


def _case(
    row: dict[Any, Any], result: Result, figures: pd.DataFrame, steps: Any, effects: pd.DataFrame
) -> list[str]:
    from reconcile import wording
    from reconcile.causes.words import sentence

    unit = result.basis.currency + (
        f" at {result.basis.prices} prices" if result.basis.prices else ""
    )
    title = wording.case(row)
    lines = [title, "=" * len(title), f"case {row['id']}: {row['note']}", ""]
    for side in "ab":
        if row[f"figure_{side}"]:
            lines += _figure(side.upper(), figures.loc[row[f"figure_{side}"]], steps, unit)
    gap = float(row["gap"])
    if gap != gap:
        return [*lines, "There is no second figure: no gap."]
    lines.append(
        f"Gap, B less A: {wording.amount(gap, unit)}; {row['gap_pct_mean']:.1f} % of their mean, "
        f"{row['gap_pct_lowest']:.1f} % of the lower, {row['gap_pct_highest']:.1f} % of the higher figure; "
        f"{row['verdict']}"
    )
    lines += _members(result.members[result.members["case"] == row["id"]])
    lines += _causes(result.causes[result.causes["case"] == row["id"]], gap)
    residual = float(row["residual"])
    share = f" ({100 * residual / gap:.0f} % of the gap)" if gap else ""
    lines.append(f"Residual, which no cause claims: {wording.amount(residual, unit)}{share}")
    lines += _order(effects[effects["case"] == row["id"]])
    return [*lines, "In words: " + sentence(row, result.causes, unit)]


def _members(members: pd.DataFrame) -> list[str]:
    from reconcile import wording

    if members.empty:
        return []
    parts = [
        f"  {wording.area(row.area)}: {wording.amount(float(row.gap))} "
        f"({wording.amount(float(row.amount_a))} and {wording.amount(float(row.amount_b))})"
        for row in members.itertuples(index=False)
    ]
    return ["Where it sits, by member:", *parts]


def _needs(result: Result, cases: pd.DataFrame) -> list[str]:
    """What causes that say nothing would need; once for all cases shown, where they are the same."""
    from reconcile import causes

    lines: dict[tuple[str, ...], list[str]] = {}
    for row in cases.to_dict("records"):
        if row["verdict"] in OPEN:
            wanted = causes.needs(result.causes, str(row["id"]), str(row["kind"]), str(row["flow"]))
            told = tuple(f"  {one.cause}: {one.needs}" for one in wanted.itertuples(index=False))
            lines.setdefault(told, []).append(str(row["id"]))
    parts = []
    for told, ids in lines.items():
        shown = ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
        parts.append(
            "\n".join([f"To claim a part of the gap of {shown}, other causes would need:", *told])
        )
    return parts


def _figure(letter: str, figure: pd.Series, steps: Any, unit: str) -> list[str]:
    from reconcile import wording

    joint = {"exports": "to", "imports": "from"}.get(str(figure["flow"]), "with")
    head = (
        f"{letter}  {wording.amount(float(figure['amount']), unit)}: {wording.area(figure['reporter'])}, "
        f"{figure['flow']} {joint} {wording.area(figure['partner'])}, {figure['period']}"
    )
    where = ", ".join(str(figure[name]) for name in ("source", "file", "place") if figure[name])
    lines = [head, f"   {where if len(where) <= LONGEST else where[:LONGEST] + '...'}"]
    if figure["printed"]:
        about = f"{figure['approx']} " if figure["approx"] else ""
        lines.append(f"   printed: {about}{figure['printed']} {figure['printed_unit']}")
    if figure["quote"]:
        lines.append(f"   “{figure['quote']}”")
    if figure["id"] in steps.groups:
        mine = steps.get_group(figure["id"])
        mine = mine[mine["op"] != "="]
        for number, step in enumerate(mine.itertuples(index=False), 1):
            if STEPS_SHOWN < number < len(mine):
                if number == STEPS_SHOWN + 1:
                    lines.append(f"   ... {len(mine) - STEPS_SHOWN - 1} more steps of this kind")
                continue
            told = f" [{step.assumption}]" if step.assumption else ""
            operand = wording.amount(step.operand) if step.parent else f"{step.operand:,.10g}"
            lines.append(
                f"   {step.op} {operand}{told} -> {wording.amount(step.after)}: {step.reason}"
            )
    return [*lines, ""]


def _causes(causes: pd.DataFrame, gap: float) -> list[str]:
    from reconcile import wording

    if causes.empty:
        return []
    lines = ["Causes, in the order in which they claim:"]
    for cause in causes.itertuples(index=False):
        amount = float(cause.amount)
        if not cause.evidence:
            lines.append(f"  {cause.cause}: nothing; {cause.note}")
            continue
        low, high = wording.amount(float(cause.low)), wording.amount(float(cause.high))
        between = "" if low == high else f", {low} to {high}"
        lines.append(
            f"  {cause.cause}: {wording.amount(amount)} ({100 * amount / gap:.0f} % of the gap{between}; "
            f"{cause.evidence}); {cause.note}"
        )
    return lines


def _order(effects: pd.DataFrame) -> list[str]:
    from reconcile import wording

    tied = (effects["first"] - effects["last"]).abs() <= 1e-9 * effects["first"].abs()
    if effects.empty:
        return []
    if bool(tied.all()):
        return ["Another order of the causes would give the same amounts."]
    lines = ["In another order:"]
    for row in effects[~tied].itertuples(index=False):
        first, last = wording.amount(float(row.first)), wording.amount(float(row.last))
        lines.append(f"  {row.cause}: {first} if it claimed first, {last} if last")
    return lines
