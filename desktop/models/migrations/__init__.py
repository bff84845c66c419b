"""One alembic history for the local file and the centre.

To change a table: change its class, add a file in ``versions``, set HEAD to its revision; a test compares all three.
"""

HEAD = "0005"
