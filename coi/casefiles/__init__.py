"""One case as one certified file (U63): asked for by one, approved by another, made by the worker, for who asked alone."""
