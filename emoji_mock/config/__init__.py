"""Configuration: the settings, the TOML file, scenarios by name, and reload on change."""
