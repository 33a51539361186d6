-- +goose Up
-- Wrong passwords in a row, by the name that was given, whether there is such a user or not: the answer must not tell. A row is deleted an
-- hour after the last try. The columns failures and not_before of credential are of an earlier version.
create table attempt (
    user_id    text primary key,
    failures   int not null,
    not_before timestamptz not null, -- until then no password is looked at
    tried_at   timestamptz not null
);
create index attempt_tried on attempt (tried_at);
