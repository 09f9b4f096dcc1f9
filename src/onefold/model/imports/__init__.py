"""What an import means: names, maps, values, verdicts. Pure; see docs/operate/import.md."""
