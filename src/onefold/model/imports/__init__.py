"""What an import means: names of columns, maps, values, verdicts. Pure; see docs/operate/import.md."""
