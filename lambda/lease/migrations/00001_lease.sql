-- +goose Up
-- One row per name that at most one process may hold. Rows stay: epoch never falls, also while nobody holds the name.
create table lease (
    name       text primary key,
    holder     text not null,        -- the process that took it last
    epoch      bigint not null check (epoch > 0), -- one more with each take: the fence
    expires_at timestamptz not null, -- from here on anybody may take it
    taken_at   timestamptz not null
) with (fillfactor = 50); -- renewed several times a second, in place: no index holds what a renewal changes
