-- +goose Up
-- One row per request that came first. The row is written before the request is decided and never changes.
create table request (
    id          uuid primary key, -- trade_id or check_id: derived from provider, reference and trade date
    digest      text not null,    -- of the business content: tells a repeat from another request of the same reference
    first_event uuid not null,    -- the event that came first; its inbox row holds the answer
    trade_date  date not null     -- rows are purged by it
);
-- Rows arrive in the order of their trade dates, so a block range index serves the purge at almost no cost.
create index request_trade_date on request using brin (trade_date) with (pages_per_range = 16, autosummarize = on);
