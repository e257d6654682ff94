"""How the reader's weights are made; not shipped. `python -m training` says what to run."""
