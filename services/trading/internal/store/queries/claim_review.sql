-- The replica that inserts the version reviews it, or renews it after an hour; for the others it is done. A review that could not
-- judge every pair is renewed after a minute.
insert into calendar_review (version, found) values ($1, 0)
on conflict (version) do update set reviewed_at = now()
where calendar_review.reviewed_at < now() - case when calendar_review.not_judged = '{}' then interval '1 hour' else interval '1 minute' end
