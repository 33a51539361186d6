-- +goose Up
-- What the mainframe says of the booking of a trade's version. A trade without a row is not booked yet, and none of its legs is paid.
-- The row may come before the trade.
create table booking (
    trade_id      uuid not null,
    trade_version integer not null check (trade_version > 0),
    code          text not null,        -- with which the mainframe refuses to book it; empty: it is booked
    told_at       timestamptz not null, -- the later word counts
    primary key (trade_id, trade_version)
);

-- Nobody has noted the bookings of the trades that are here. The column is for replicas of the version before, until they have stopped.
insert into booking (trade_id, trade_version, code, told_at)
select trade_id, trade_version, max(booking_refused), 'epoch' from obligation group by trade_id, trade_version;
update obligation set booking_refused = '' where booking_refused <> '';
