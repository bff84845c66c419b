"""The two families of error: the world's (said to the officer) and ours (everything else that is raised)."""


class UserError(Exception):
    """A sentence for the person at the desk: what happened, whether the data are safe, what to do.

    ``field`` names the input it belongs to, ``code`` is what an administrator is told on the phone.
    """

    def __init__(self, message: str, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code


class Conflict(UserError):
    """The record was changed elsewhere since it was read: ask, never win silently.

    ``values`` are (what, as it stands now, as it was typed here), as they may be shown.
    """

    def __init__(self, message: str, values: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(message)
        self.values = values
