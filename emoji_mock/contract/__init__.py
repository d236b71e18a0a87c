"""What the vendor promises: values only. Nothing here does I/O, keeps state, or imports a floor above."""
