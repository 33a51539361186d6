-- +goose Up
-- What has been dealt on each quote of the bank's. A row is written when a deal on the quote is validated, and removed if that deal is
-- rejected afterwards. Rows are forgotten some days later: a quote stands for minutes.
create table quote_use (
    id       uuid primary key, -- of the event by which the deal was validated
    quote_id text not null,
    trade_id uuid not null,
    amount   numeric not null check (amount > 0), -- of the quote's currency
    used_at  timestamptz not null default now()
);
create index quote_use_quote on quote_use (quote_id);
create index quote_use_age on quote_use (used_at);
