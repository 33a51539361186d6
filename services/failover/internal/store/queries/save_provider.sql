insert into provider (gateway, provider, home, epoch, stay, comes_back, commanded_at, lost, lost_since, kept, kept_until)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (gateway, provider) do update set home = excluded.home, epoch = excluded.epoch, stay = excluded.stay,
    comes_back = excluded.comes_back, commanded_at = excluded.commanded_at, lost = excluded.lost,
    lost_since = excluded.lost_since, kept = excluded.kept, kept_until = excluded.kept_until
