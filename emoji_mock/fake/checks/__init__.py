"""The checks that a request must pass before it is answered.

Each is a function of the call's context and decision: it writes down what it finds, or raises Refused. That the key is
checked first is observed, the order of the others is inferred (docs/explanations/differences.md).
"""
