"""Django's own two databases, with a compiler that keeps what it put together (compiler.py)."""
