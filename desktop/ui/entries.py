"""The screens of the program, in the order of the navigation, and who sees which.

To add a screen: a file with a Screen in desktop/ui, a function that makes it, and an Entry in ENTRIES.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.i18n import N_
from desktop.ui.intake import IntakeScreen
from desktop.ui.screen import Screen, Surroundings
from desktop.ui.today import TodayScreen


@dataclass(frozen=True)
class Later:
    """A screen whose file is read when it is first opened: a start waits only for what stands on the desk."""

    name: str
    make: Callable[[Surroundings], Screen]

    def __call__(self, around: Surroundings) -> Screen:
        return self.make(around)


@dataclass(frozen=True)
class Entry:
    """A line of the navigation. ``roles`` are those that see it; empty means everybody."""

    label: str  # marked with N_
    icon: str
    screen: type[Screen] | Later
    key: str = ""
    roles: tuple[str, ...] = ()


def _summary(around: Surroundings) -> Screen:
    from desktop.ui.summary import SummaryScreen

    return SummaryScreen(around)


def _catalog(around: Surroundings) -> Screen:
    from desktop.ui.catalog import CatalogScreen

    return CatalogScreen(around)


def _upkeep(around: Surroundings) -> Screen:
    from desktop.ui.upkeep import UpkeepScreen

    return UpkeepScreen(around)


def _settings(around: Surroundings) -> Screen:
    from desktop.ui.settings_screen import SettingsScreen

    return SettingsScreen(around)


def _health(around: Surroundings) -> Screen:
    from desktop.ui.health import HealthScreen

    return HealthScreen(around)


def _safe(around: Surroundings) -> Screen:
    from desktop.ui.safe_screen import SafeScreen

    return SafeScreen(around)


ENTRIES: tuple[Entry, ...] = (
    Entry(N_("Permohonan baru"), "file-plus", IntakeScreen, "F2"),
    Entry(N_("Hari ini"), "list-checks", TodayScreen, "F4"),
    Entry(N_("Ringkasan harian"), "chart-column", Later("summary", _summary)),
    Entry(N_("Katalog"), "file-check", Later("catalog", _catalog), roles=("admin",)),
    Entry(N_("Kelola balai"), "calendar", Later("upkeep", _upkeep), roles=("admin",)),
    Entry(N_("Pengaturan"), "settings", Later("settings", _settings)),
    Entry(N_("Keadaan PC"), "monitor", Later("health", _health), "Shift+F1"),
    Entry(N_("Cadangan dan kunci"), "save", Later("safe", _safe), roles=("admin",)),
)
