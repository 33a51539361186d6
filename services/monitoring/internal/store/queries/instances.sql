select report, last_seen from instance
