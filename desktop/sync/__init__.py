"""What travels: journal entries to and from the central PostgreSQL (sync.md).

This room never imports operations: a row that arrives is written as it is, and no business act is lived twice.
"""
