"""A city as data: what it sets without a developer; reads profiles, checks them, loads them as versions."""
