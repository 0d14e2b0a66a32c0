"""The only code that runs inside the sandbox: standard library and msgspec alone."""
