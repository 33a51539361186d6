-- +goose Up
-- One row per version of a registered trade. What was agreed never changes; only its life does (status, who is
-- responsible, the booking), so those columns are in no index and their updates stay within the page.
create table trade (
    id                uuid not null, -- derived from provider, reference and trade date
    version           integer not null check (version > 0),
    status            text not null check (status in
                          ('registered', 'booked', 'booking_refused', 'executed', 'superseded', 'deleted')),

    kind              text not null check (kind in ('request', 'report')),
    provider          text not null,
    reference         text not null, -- the provider's own
    quote_id          text not null,
    client            text not null,
    account           text not null,
    product           text not null check (product in ('spot', 'forward', 'swap')),
    base              text not null check (length(base) = 3),
    quote             text not null check (length(quote) = 3),
    dealt_currency    text not null,
    trade_date        date not null, -- for value dates: rolls at 17:00 in New York
    transacted_at     timestamptz not null,
    spot_date         date not null,
    reference_rate    numeric not null check (reference_rate > 0), -- by which the near leg's price was judged
    reference_as_of   timestamptz not null,
    usd_amount        numeric not null check (usd_amount >= 0), -- of the near leg
    registered_at     timestamptz not null,

    desk              text,
    trader            text,
    assigned_at       timestamptz,
    booking_reference text,
    booked_at         timestamptz,
    refusal_code      text,
    refusal_text      text,
    refused_at        timestamptz,

    primary key (id, version),
    check (base <> quote),
    check (dealt_currency in (base, quote)),
    check ((desk is null) = (assigned_at is null)),
    check ((booking_reference is null) = (booked_at is null)),
    check ((refusal_code is null) = (refused_at is null)),
    check (status <> 'booked' or booking_reference is not null),
    check (status <> 'booking_refused' or refusal_code is not null)
) with (fillfactor = 60);

-- One row per exchange of money, so that what falls due on a date is found without looking at trades. No foreign key: one
-- transaction writes a trade with its legs, nothing deletes either, and the look-up per leg took half of the insert.
create table trade_leg (
    trade_id      uuid not null,
    trade_version integer not null,
    leg           smallint not null check (leg in (1, 2)), -- 1 near, 2 far
    value_date    date not null,
    base          text not null check (length(base) = 3),
    base_side     text not null check (base_side in ('buy', 'sell')), -- as the client sees it
    base_amount   numeric not null check (base_amount > 0),
    quote         text not null check (length(quote) = 3),
    quote_amount  numeric not null check (quote_amount > 0),
    rate          numeric not null check (rate > 0), -- quote units for one base unit
    primary key (trade_id, trade_version, leg),
    check (base <> quote)
);
create index trade_leg_value_date on trade_leg (value_date);

-- One row per refusal of a request, by whichever service. It is no trade: one reference may be refused several times,
-- and once more after it has become a trade (another request under the same reference).
create table rejection (
    event_id    uuid primary key, -- of trade.rejected
    trade_id    uuid not null,    -- that the request would have had
    provider    text not null,
    reference   text not null,
    kind        text not null,
    client      text not null,
    product     text not null,
    pair        text not null,
    code        text not null check (code <> ''),
    text        text not null,
    rejected_by text not null,
    rejected_at timestamptz not null
);
create index rejection_trade on rejection (trade_id);
