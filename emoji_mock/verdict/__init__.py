"""The verdict: what a caller did wrong, found in the journal alone.

docs/explanations/verdict.md defines each finding.
"""
