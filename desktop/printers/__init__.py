"""WHERE PAPERS COME OUT: bytes to a device, and what the device says of them; no Qt, no papers.

To add a kind of printer: a file here, its name in settings.Printer, a line in ui/delivery.py.
"""
