"""Hidden dangers: the register that lays itself over the colours of enterprises."""
