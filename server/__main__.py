"""`python -m server`: serve on HOST and PORT."""

from server.app import main

if __name__ == "__main__":
    main()
