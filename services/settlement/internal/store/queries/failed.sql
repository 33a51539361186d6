select count(*) from movement where state in ('refused', 'overdue')
