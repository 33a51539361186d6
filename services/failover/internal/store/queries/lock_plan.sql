-- Locks the plan: a replica that plans at the same time waits here until the other has stored what it decided.
select automatic from plan for update
