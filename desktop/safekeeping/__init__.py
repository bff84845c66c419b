"""WHAT IS KEPT SAFE: backups, the way back from one, what can be saved of a damaged file. No Qt; opens files itself."""
