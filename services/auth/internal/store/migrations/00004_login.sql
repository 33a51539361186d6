-- +goose Up
-- The login at the bank's identity provider by which a token was got: it is good for one token. Null for other tokens, and for those that a
-- replica of the version before issues.
alter table token add column login text;
create unique index token_login on token (login);
