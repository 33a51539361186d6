-- +goose Up
-- The trade date that a report states, TradeDate (75): where the trade was done the day may begin at another hour than ours.
alter table trade add column reported_trade_date date;
