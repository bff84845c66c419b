"""The colours of the program, named by what they are for, in a light, a dark and a high-contrast set.

To add a colour: a line in Colours and its value in LIGHT, DARK and CONTRAST.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """Named by what they are for; every text colour reads at 4.5:1 or better on the surfaces it is put on."""

    window: str  # behind the cards
    side: str  # navigation and status bar
    card: str
    field: str  # inputs and plain buttons
    head: str  # table head, keycaps
    stripe: str  # every second row
    chosen: str  # the selected row
    hover: str
    line: str  # hairlines between areas
    edge: str  # the frame of something that can be typed in or pressed
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    warning: str
    bad: str
    good_back: str  # behind a sentence of that kind
    warning_back: str
    bad_back: str
    info_back: str
    training: str


LIGHT = Colours(
    window="#f5f7fa", side="#ffffff", card="#ffffff", field="#ffffff", head="#f1f5f9", stripe="#f8fafc",
    chosen="#dbeafe", hover="#eef3f9", line="#e2e8f0", edge="#7f8ea4", text="#1f2937", muted="#5b687c",
    accent="#1d5fa8", on_accent="#ffffff", good="#15703a", warning="#a14a07", bad="#b91c1c",
    good_back="#e9f7ee", warning_back="#fdf3e2", bad_back="#fdecec", info_back="#e8f1fb", training="#c2410c",
)
DARK = Colours(
    window="#111827", side="#0f172a", card="#1b2536", field="#0f172a", head="#172033", stripe="#1e293b",
    chosen="#1e3a5f", hover="#22304a", line="#334155", edge="#64748b", text="#e5e7eb", muted="#9fb0c6",
    accent="#60a5fa", on_accent="#0f172a", good="#4ade80", warning="#fbbf24", bad="#fca5a5",
    good_back="#12301f", warning_back="#33280c", bad_back="#3a1a1e", info_back="#16294a", training="#fb923c",
)
# For tired or weak eyes and bad screens: black and white, every word at 7:1 or better, every frame as plain as text.
CONTRAST = Colours(
    window="#000000", side="#000000", card="#000000", field="#000000", head="#1a1a1a", stripe="#121212",
    chosen="#00264d", hover="#262626", line="#bfbfbf", edge="#ffffff", text="#ffffff", muted="#d9d9d9",
    accent="#ffd400", on_accent="#000000", good="#6bff8a", warning="#ffb84d", bad="#ffa3a3",
    good_back="#00260d", warning_back="#2b1a00", bad_back="#330000", info_back="#1f1a00", training="#ff9d4d",
)
THEMES = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}
