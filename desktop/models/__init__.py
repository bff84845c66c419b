"""What is kept: the tables, and what is true of a single row.

To add a record: a class on ``Record`` in the file of its noun, a migration in ``migrations/versions``. Journal,
history and sync follow by themselves.
"""

from desktop.models import access, application, calendar, catalog, journal, local, people
from desktop.models.base import Base

__all__ = ["Base", "access", "application", "calendar", "catalog", "journal", "local", "people"]
