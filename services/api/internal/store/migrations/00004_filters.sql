-- +goose Up
-- Lists of trades go by these filters, those that changed last first. What changed without the filter is not read.
create index trade_desk on trade (desk, changed, id);
create index trade_pair on trade (pair, changed, id);
create index trade_state on trade (state, changed, id);
