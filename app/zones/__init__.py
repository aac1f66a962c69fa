"""Published zones and editions, as read by anyone who may look."""
