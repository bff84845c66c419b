"""The screens of the program, in the order of the navigation, and who sees which.

To add a screen: a file with a Screen in desktop/ui and an Entry in ENTRIES.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.i18n import N_
from desktop.ui.catalog import CatalogScreen
from desktop.ui.health import HealthScreen
from desktop.ui.intake import IntakeScreen
from desktop.ui.safe_screen import SafeScreen
from desktop.ui.screen import Screen
from desktop.ui.settings_screen import SettingsScreen
from desktop.ui.summary import SummaryScreen
from desktop.ui.today import TodayScreen
from desktop.ui.upkeep import UpkeepScreen


@dataclass(frozen=True)
class Entry:
    """A line of the navigation. ``roles`` are those that see it; empty means everybody."""

    label: str  # marked with N_
    icon: str
    screen: type[Screen]
    key: str = ""
    roles: tuple[str, ...] = ()


ENTRIES: tuple[Entry, ...] = (
    Entry(N_("Permohonan baru"), "file-plus", IntakeScreen, "F2"),
    Entry(N_("Hari ini"), "list-checks", TodayScreen, "F4"),
    Entry(N_("Ringkasan harian"), "chart-column", SummaryScreen),
    Entry(N_("Katalog"), "file-check", CatalogScreen, roles=("admin",)),
    Entry(N_("Kelola balai"), "calendar", UpkeepScreen, roles=("admin",)),
    Entry(N_("Pengaturan"), "settings", SettingsScreen),
    Entry(N_("Keadaan PC"), "monitor", HealthScreen, "Shift+F1"),
    Entry(N_("Cadangan dan kunci"), "save", SafeScreen, roles=("admin",)),
)
