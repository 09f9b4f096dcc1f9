"""The command line: one file a group of commands, one table of commands in main."""
