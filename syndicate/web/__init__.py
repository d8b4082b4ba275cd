"""The server: the output folder over HTTP."""
