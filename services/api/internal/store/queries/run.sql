-- The messages of a run may come in any order: of two, the later part stands. Who started the run, and by which command, stays.
insert into job_run as r (id, service, job, due, attempt, state, part, done, total, by, reason, error, command, started_at, finished_at, first_done)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $8)
on conflict (id) do update set
    service = case when excluded.part > r.part then excluded.service else r.service end,
    state = case when excluded.part > r.part then excluded.state else r.state end,
    done = case when excluded.part > r.part then excluded.done else r.done end,
    total = case when excluded.part > r.part then excluded.total else r.total end,
    error = case when excluded.part > r.part then excluded.error else r.error end,
    started_at = coalesce(r.started_at, excluded.started_at),
    finished_at = coalesce(r.finished_at, excluded.finished_at),
    command = coalesce(r.command, excluded.command),
    moved_at = case when excluded.part > r.part then excluded.moved_at else r.moved_at end,
    part = greatest(r.part, excluded.part)
