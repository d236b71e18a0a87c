"""Run programs, of any language and unmodified, so that their calls to the vendor reach a fake."""
