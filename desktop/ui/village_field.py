"""The input of a village: those of the district at hand come first; a place elsewhere is written as it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.i18n import _
from desktop.ui.choices import Option
from desktop.ui.list_field import ListField, within


@dataclass(frozen=True)
class Place:
    """A village as the list offers it."""

    code: str
    name: str
    district: str


class VillageField(ListField):
    """One of the hall's villages, or another place in words."""

    def __init__(self, name: str, places: Sequence[Place]) -> None:
        self._places = list(places)
        self._district = ""
        super().__init__(name, _("Desa/kel."), within(self._options()), limit=100, free=True)

    def show_kept(self, code: str | None, place_text: str) -> None:
        """A village by its code, or the words for a place that is in no list."""
        option = next((option for option in self._options() if option.value == code), None)
        if option is not None:
            self.set_option(option)
        else:
            self.set_typed(place_text)

    def near_district(self, prefix: str) -> None:
        """Offer the villages of this kecamatan first: a district code "33.19.01", or the first six digits of a NIK."""
        code = prefix if "." in prefix or len(prefix) < 6 else f"{prefix[:2]}.{prefix[2:4]}.{prefix[4:6]}"
        if code != self._district:
            self._district = code
            self.find = within(self._options())

    def _options(self) -> list[Option]:
        near = [place for place in self._places if self._district and place.code.startswith(self._district)]
        rest = [place for place in self._places if place not in near]
        return [Option(place.code, place.name, place.district) for place in near + rest]
