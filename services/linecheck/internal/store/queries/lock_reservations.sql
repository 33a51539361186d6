-- Locks the given trades, and the line checks that they took over or that keep a part for them, by id.
select from reservation
where id = any (array(select unnest($1::uuid[])
                      union
                      select t.from_check from reservation t where t.id = any ($1::uuid[]) and t.from_check is not null
                      union
                      select e.check_id from earmark e where e.trade_id = any ($1::uuid[])))
order by id
for update
