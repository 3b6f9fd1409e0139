"""Owns the address book of a workbook: where each amount, assumption and gap stands, and its number."""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.layout import Chart, Sheet


@dataclass
class Places:
    """Addresses and numbers by key (`amount:ID`, `assumption:ID`, `gap:CASE` ...), and names for cells."""

    addresses: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)  # those described so far
    charts: dict[str, Chart] = field(default_factory=dict)  # those that a later sheet may place

    def add(self, key: str, address: str, number: float | None = None) -> None:
        """Note where a key stands and, where it is a number, which."""
        self.addresses[key] = address
        if number is not None:
            self.numbers[key] = number

    def get(self, key: str) -> str:
        """Give the address of a key, an empty text where the workbook does not show it."""
        return self.addresses.get(key, "")
