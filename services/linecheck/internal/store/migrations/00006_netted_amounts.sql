-- +goose Up
-- What netted deals exchange: a loss that a client has fixed by deals in both directions is what it owes in the quote currency,
-- and exposures do not say it. See line.Netting.

-- Deals of a netting set, added up: their exposures, base amounts, quote amounts, and quote amounts in the limit currency.
create type deal_sum as (exposure numeric, base numeric, quote numeric, value numeric);

-- What the whole of a netted reservation exchanges. Every other reservation has no row.
create table netted_deal (
    id    uuid primary key, -- the reservation's
    base  numeric not null check (base >= 0),
    quote numeric not null check (quote >= 0),
    value numeric not null check (value >= 0)
);

drop view recomputed_member;
drop view recomputed_usage;
drop view recomputed_netting;
drop function netting_of(reservation);
drop table netting_set;

create table netting_set (
    node        text collate "C" not null,
    client      text collate "C" not null,
    pair        text not null,
    value_date  date not null,
    bought_open deal_sum not null, -- deals in which the client buys the base: open, and what line checks have consumed
    bought_done deal_sum not null, -- trades that are done
    sold_open   deal_sum not null, -- deals in which it sells the base
    sold_done   deal_sum not null,
    primary key (node, client, pair, value_date),
    check (least((bought_open).exposure, (bought_done).exposure, (sold_open).exposure, (sold_done).exposure) >= 0)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- +goose StatementBegin
create function deal_plus(a deal_sum, b deal_sum) returns deal_sum language sql immutable as $$
    select row(a.exposure + b.exposure, a.base + b.base, a.quote + b.quote, a.value + b.value)::deal_sum
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- The exposure of what deals in both directions leave, rounded up to cents. See left in package line, which has the formula.
create function netted_use(bought deal_sum, sold deal_sum) returns numeric language sql immutable as $$
    select case when bases = 0 or quotes = 0 then bought.exposure + sold.exposure
           else (div(dividend * 100, bases * quotes) + case when mod(dividend * 100, bases * quotes) > 0 then 1 else 0 end) / 100.00 end
    from (select greatest(bought.base, sold.base) as bases, bought.quote + sold.quote as quotes) larger,
         lateral (select case when sold.base > bought.base then sold.exposure else bought.exposure end
                             * abs(bought.base - sold.base) * quotes
                         + greatest(0, bought.quote * sold.base - sold.quote * bought.base) * (bought.value + sold.value)
                         as dividend) exact
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- The parts of netted reservations on each of their nodes. What a line check has consumed counts as open.
create view recomputed_deal as
select n.node, substr(r.client_node, length('client/') + 1) as client, r.pair, r.value_date,
       (r.side = 'buy') = (r.deal_currency = split_part(r.pair, '/', 1)) as buys_base, p.done,
       share_of(r.exposure, p.part, r.amount) as exposure, share_of(d.base, p.part, r.amount) as base,
       share_of(d.quote, p.part, r.amount) as quote, share_of(d.value, p.part, r.amount) as value
from reservation r
join netted_deal d using (id)
cross join lateral (values (r.group_node), (r.desk_node), (r.client_node)) n (node)
cross join lateral (values (open_of(r), false), (taken_of(r), r.kind = 'trade')) p (part, done)
where r.netted and n.node is not null and p.part > 0;
-- +goose StatementEnd

-- +goose StatementBegin
-- The netting sets that the reservations add up to. They must equal netting_set, but for sets without usage.
create view recomputed_netting as
select node, client, pair, value_date,
       coalesce((array_agg(deals) filter (where buys_base and not done))[1], row(0, 0, 0, 0)::deal_sum) as bought_open,
       coalesce((array_agg(deals) filter (where buys_base and done))[1], row(0, 0, 0, 0)::deal_sum) as bought_done,
       coalesce((array_agg(deals) filter (where not buys_base and not done))[1], row(0, 0, 0, 0)::deal_sum) as sold_open,
       coalesce((array_agg(deals) filter (where not buys_base and done))[1], row(0, 0, 0, 0)::deal_sum) as sold_done
from (select node, client, pair, value_date, buys_base, done, row(sum(exposure), sum(base), sum(quote), sum(value))::deal_sum as deals
      from recomputed_deal
      group by node, client, pair, value_date, buys_base, done) directions
group by node, client, pair, value_date;
-- +goose StatementEnd

-- +goose StatementBegin
-- What the reservations use on each node, for each client.
create view recomputed_share as
select node, client_node, reserved, consumed from recomputed_part where not netted
union all
select node, 'client/' || client,
       greatest(netted_use(bought_done, sold_done),
                netted_use(deal_plus(bought_open, bought_done), sold_done),
                netted_use(bought_done, deal_plus(sold_open, sold_done)),
                netted_use(deal_plus(bought_open, bought_done), deal_plus(sold_open, sold_done)))
           - netted_use(bought_done, sold_done),
       netted_use(bought_done, sold_done)
from recomputed_netting;
-- +goose StatementEnd

-- +goose StatementBegin
-- What the reservations say that each node carries. It must equal node_usage, always.
create view recomputed_usage as
select node, sum(reserved) as reserved, sum(consumed) as consumed from recomputed_share group by node;
-- +goose StatementEnd

-- +goose StatementBegin
-- What the reservations say that each group carries for each member. It must equal member_usage, always.
create view recomputed_member as
select node as group_node, client_node, sum(reserved + consumed) as used
from recomputed_share
where node like 'group/%'
group by node, client_node;
-- +goose StatementEnd

-- +goose StatementBegin
-- The amounts of a netted reservation, and the netting sets to which it belongs, one for each of its nodes.
create function netting_of(r reservation) returns json language sql stable as $$
    select json_build_object(
        'deal', (select to_json(d) from netted_deal d where d.id = r.id),
        'sets', (select json_agg(n) from netting_set n
                 where n.node in (r.group_node, r.desk_node, r.client_node) and n.client = substr(r.client_node, length('client/') + 1)
                   and n.pair = r.pair and n.value_date = r.value_date))
$$;
-- +goose StatementEnd
