"""`python -m onefold` and the `onefold` command."""

from onefold.cli.main import main

if __name__ == "__main__":
    main()
