"""Quality and speed, measured. Not shipped. Each module says how to run it."""
