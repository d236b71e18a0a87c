"""The endpoints of uploads: permission for a file, and the storage that takes it."""
