"""`python -m syndicate`, and the command `syndicate`."""

from syndicate.cli.main import main

if __name__ == "__main__":
    main()
