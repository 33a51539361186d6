-- +goose Up
-- A deal that a person asks for through the API also uses the person's own line. A provider's deal has no dealer. No row is rewritten.
-- A replica of the version before does not know this node and would leave it as it is, so the API begins after the last one has gone.
alter table reservation add column dealer_node text collate "C";

-- +goose StatementBegin
-- What each reservation uses on each of its nodes, with its dealer.
create or replace view recomputed_part as
select n.node, r.client_node, r.pair, r.value_date, r.netted,
       (r.side = 'buy') = (r.deal_currency = split_part(r.pair, '/', 1)) as buys_base,
       share_of(r.exposure, open_of(r), r.amount)
           + case when r.netted and r.kind = 'check' then share_of(r.exposure, taken_of(r), r.amount) else 0 end as reserved,
       case when r.netted and r.kind = 'check' then 0 else share_of(r.exposure, taken_of(r), r.amount) end as consumed
from reservation r
cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
where n.node is not null and r.state in ('RESERVED', 'CONSUMED');
-- +goose StatementEnd

-- +goose StatementBegin
-- The parts of netted reservations on each of their nodes.
create or replace view recomputed_deal as
select n.node, substr(r.client_node, length('client/') + 1) as client, r.pair, r.value_date,
       (r.side = 'buy') = (r.deal_currency = split_part(r.pair, '/', 1)) as buys_base, p.done,
       share_of(r.exposure, p.part, r.amount) as exposure, share_of(d.base, p.part, r.amount) as base,
       share_of(d.quote, p.part, r.amount) as quote, share_of(d.value, p.part, r.amount) as value
from reservation r
join netted_deal d using (id)
cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
cross join lateral (values (open_of(r), false), (taken_of(r), r.kind = 'trade')) p (part, done)
where r.netted and n.node is not null and p.part > 0;
-- +goose StatementEnd

-- +goose StatementBegin
-- What the reservations say is due on each value date. It must equal settlement_usage, always. A settled leg is due no more.
create or replace view recomputed_settlement as
select n.node, s.value_date, sum(share_of(s.receivable, open_of(r) + taken_of(r), r.amount)) as used
from reservation r
cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
cross join lateral (values (r.near_date, r.near_receivable, r.near_settled), (r.far_date, r.far_receivable, r.far_settled))
    s (value_date, receivable, settled)
where n.node is not null and s.value_date is not null and not s.settled and r.state in ('RESERVED', 'CONSUMED')
group by n.node, s.value_date;
-- +goose StatementEnd

-- +goose StatementBegin
-- The amounts of a netted reservation, and the netting sets to which it belongs, one for each of its nodes.
create or replace function netting_of(r reservation) returns json language sql stable as $$
    select json_build_object(
        'deal', (select to_json(d) from netted_deal d where d.id = r.id),
        'sets', (select json_agg(n) from netting_set n
                 where n.node in (r.group_node, r.desk_node, r.dealer_node, r.client_node) and n.client = substr(r.client_node, length('client/') + 1)
                   and n.pair = r.pair and n.value_date = r.value_date))
$$;
-- +goose StatementEnd
