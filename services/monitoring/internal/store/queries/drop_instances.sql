delete from instance where not instance = any ($1)
