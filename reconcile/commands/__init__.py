"""The commands: one module a command, each with its `command`."""
