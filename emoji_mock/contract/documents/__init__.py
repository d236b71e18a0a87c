"""The JSON documents of the vendor's API as msgspec models, one module per part of the API."""
