"""Every door that a person uses: the command line and the web chat."""
