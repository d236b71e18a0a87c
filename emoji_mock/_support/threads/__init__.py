"""Threads: a pool that serves its owners in turn, and threads of the operating system under gevent."""
