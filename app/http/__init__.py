"""What stands before every feature: under which names the service answers, whom it believes, what it asks of a browser."""
