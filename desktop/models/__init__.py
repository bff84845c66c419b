"""What is kept: the tables, and what is true of a single row.

To add a record: a class on ``Record`` in the file of its noun, a migration in ``migrations/versions``. Journal,
history and sync follow by themselves. These files do without ``from __future__ import annotations``: the columns are
read from the annotations, and as texts each would have to be compiled again at every start (a quarter of the time).
"""

from desktop.models import access, application, calendar, catalog, journal, local, people
from desktop.models.base import Base

__all__ = ["Base", "access", "application", "calendar", "catalog", "journal", "local", "people"]
