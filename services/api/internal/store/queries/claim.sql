-- A second request under the key waits here until the first has committed.
insert into request (owner, key, digest, subject, event) values ($1, $2, $3, $4, $5) on conflict (owner, key) do nothing
