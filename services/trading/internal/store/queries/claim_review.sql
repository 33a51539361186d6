-- The replica that inserts the version reviews it, or renews it after an hour; for the others it is done.
insert into calendar_review (version, found) values ($1, 0)
on conflict (version) do update set reviewed_at = now()
where calendar_review.reviewed_at < now() - interval '1 hour'
