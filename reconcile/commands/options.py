"""Owns the options that commands share, and how their texts are checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def _share(ctx: click.Context, param: click.Parameter, text: str | None) -> float | None:
    """Read `10%`, `10 %` or `0.1` as a share."""
    if text is None:
        return None
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%?)\s*", text)
    if not found:
        raise click.BadParameter(f"{text!r} is no share. Write it as 10% or 0.1.", ctx, param)
    value = float(found[1]) / (100 if found[2] else 1)
    if not 0 <= value <= 1:
        raise click.BadParameter(f"{text!r} is not between 0 and 100 %.", ctx, param)
    return value


def _date(ctx: click.Context, param: click.Parameter, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no date. Write it as 2025-10-08.", ctx, param
        ) from None


def _currency(ctx: click.Context, param: click.Parameter, text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise click.BadParameter(
            f"{text!r} is no currency. Write its ISO 4217 code, as USD.", ctx, param
        )
    return code


def _together(options: list[Callable[[F], F]]) -> Callable[[F], F]:
    def apply(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return apply


PATH = click.Path(path_type=Path)

reading = _together(
    [
        click.option("--from", "reader", metavar="READER",
                     help="The reader to use; needed for standard input. `reconcile sources` lists them."),
        click.option("--decimal", type=click.Choice(["point", "comma"]),
                     help="The decimal mark, where a column can be read in two ways."),
        click.option("--encoding", metavar="NAME", help="The encoding of text files, where it is guessed wrongly."),
        click.option("--locale", metavar="LANGUAGE", help="The language of prose, as a code: ar, en, ru."),
        click.option("--published", metavar="DATE", callback=_date,
                     help="When prose was published; it fixes words such as last year."),
        click.option("--mapping", type=PATH, metavar="FILE",
                     help="Which columns of any other table mean what."),
    ]
)  # fmt: skip

basis = _together(
    [
        click.option("--currency", default="USD", show_default=True, callback=_currency,
                     metavar="CODE", help="The currency of all amounts."),
        click.option("--year", type=click.IntRange(1800, 2100), metavar="YEAR",
                     help="Bring all amounts to the prices of this year."),
        click.option("--tolerance", callback=_share, metavar="SHARE",
                     help="The gap, as a share of the mean of the two figures, that is tolerated.  [default: 10%]"),
        click.option("--assumptions", type=PATH, metavar="FILE",
                     help="Your own rates, margins and rules (columns id and value); they come first."),
        click.option("--classification", metavar="CODE",
                     help="Bring commodities to this classification, as H5; needs --concordance."),
        click.option("--concordance", type=PATH, multiple=True, metavar="FILE",
                     help="A correlation table between two classifications; may be given several times."),
    ]
)  # fmt: skip

common = _together(
    [
        click.option("--quiet", is_flag=True, help="Say nothing but errors."),
        click.option("--debug", is_flag=True, expose_value=False,
                     help="On a fault of this program, show where it happened."),
    ]
)  # fmt: skip

files = click.argument("files", nargs=-1, metavar="[FILE]...")
