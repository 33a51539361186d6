-- +goose Up
-- What proves who a person or a system is. sealed can be opened with auth's key only.
create table credential (
    user_id    text primary key,            -- in the mainframe's set users
    kind       text not null check (kind in ('password', 'client_credentials')),
    client     text not null,               -- of a system: the client for which it acts, * for all
    sealed     bytea not null,
    code_step  bigint not null,             -- time step of the last one-time code that was used
    failures   int not null,                -- wrong proofs in a row
    not_before timestamptz not null,        -- until then no proof is looked at
    set_by     text not null,
    set_why    text not null,
    set_at     timestamptz not null
);

-- Tokens that were issued: only their hashes. A row is deleted some time after its token expired.
create table token (
    hash        text primary key,
    user_id     text not null,
    roles       text[] not null,
    desk        text not null,
    client      text not null,
    audience    text not null,
    scope       text[] not null,
    issued_at   timestamptz not null,
    expires_at  timestamptz not null,
    revoked_at  timestamptz,
    revoked_by  text not null,
    revoked_why text not null
);
create index token_user on token (user_id);
create index token_expiry on token (expires_at);
