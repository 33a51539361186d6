-- Locks the row of the judge. No row: another replica judges at this moment, or judged less than $1 ago.
select at from judgement where at < now() - $1::interval for update skip locked
