insert into provider (gateway, provider, home, epoch, stay, comes_back, commanded_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (gateway, provider) do update set home = excluded.home, epoch = excluded.epoch, stay = excluded.stay,
    comes_back = excluded.comes_back, commanded_at = excluded.commanded_at
