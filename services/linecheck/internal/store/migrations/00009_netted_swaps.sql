-- +goose Up
-- Each leg of a netted swap belongs to the netting set of its own value date. See line.Swap and line.Effect.

-- The legs of a netted swap as outrights: the exposure of the far leg, and the near leg. They are null for a deal of one leg, and for
-- a swap that was reserved before this update: that belongs to the netting set of its far leg alone, with its whole exposure.
alter table netted_deal
    add column far_exposure  numeric check (far_exposure >= 0),
    add column near_exposure numeric check (near_exposure >= 0),
    add column near_base     numeric check (near_base > 0),
    add column near_quote    numeric check (near_quote >= 0),
    add column near_value    numeric check (near_value >= 0);
alter table netted_deal add constraint netted_swap
    check (num_nulls(far_exposure, near_exposure, near_base, near_quote, near_value) in (0, 5)) not valid;

-- What the netting sets of a client in one pair add up to at a node, what the deals would use without the agreement, and what the legs
-- of swaps use more as outrights.
create table netting_effect (
    node           text collate "C" not null,
    client         text collate "C" not null,
    pair           text not null,
    sets_reserved  numeric not null,
    sets_consumed  numeric not null,
    gross_reserved numeric not null,
    gross_consumed numeric not null,
    twice_reserved numeric not null,
    twice_consumed numeric not null,
    primary key (node, client, pair)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- A replica of the version before does not know netting_effect. It is refused as if another replica had been faster, so it retries the
-- message until a new replica takes it. A new replica says that it knows the table. Other deals are not touched.
alter table netting_set add column with_effect boolean;
-- +goose StatementBegin
create function refuse_without_effect() returns trigger language plpgsql as $$
begin
    raise unique_violation using message = 'netting set of ' || new.client || ': only a replica of a newer version can change it';
end
$$;
-- +goose StatementEnd
create trigger refuse_without_effect before insert on netting_set for each row
when (new.with_effect is null)
execute function refuse_without_effect();

-- +goose StatementBegin
-- The parts of netted reservations on each of their nodes, by leg. What a line check has consumed counts as open.
create or replace view recomputed_deal as
select n.node, substr(r.client_node, length('client/') + 1) as client, r.pair, l.value_date,
       ((r.side = 'buy') = (r.deal_currency = split_part(r.pair, '/', 1))) <> l.near as buys_base, p.done,
       share_of(l.exposure, p.part, r.amount) as exposure, share_of(l.base, p.part, r.amount) as base,
       share_of(l.quote, p.part, r.amount) as quote, share_of(l.value, p.part, r.amount) as value
from reservation r
join netted_deal d using (id)
cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
cross join lateral (values (open_of(r), false), (taken_of(r), r.kind = 'trade')) p (part, done)
cross join lateral (values
    (false, r.value_date, coalesce(d.far_exposure, r.exposure), d.base, d.quote, d.value, r.far_settled),
    (true, r.near_date, d.near_exposure, d.near_base, d.near_quote, d.near_value, r.near_settled))
    l (near, value_date, exposure, base, quote, value, settled)
where r.netted and n.node is not null and p.part > 0 and l.exposure is not null and not (l.settled and d.near_base is not null);
-- +goose StatementEnd

-- +goose StatementBegin
-- What a part of a netted reservation would use without the agreement, and what the legs of a swap would use more as outrights. Of a
-- swap with a settled leg only the other leg is left.
create view recomputed_gross as
select n.node, substr(r.client_node, length('client/') + 1) as client, r.pair, p.done, share_of(whole.gross, p.part, r.amount) as gross,
       case when whole.legs is null then 0 else share_of(d.near_exposure, p.part, r.amount) + share_of(d.far_exposure, p.part, r.amount)
           - share_of(whole.gross, p.part, r.amount) end as twice
from reservation r
join netted_deal d using (id)
cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
cross join lateral (values (open_of(r), false), (taken_of(r), r.kind = 'trade')) p (part, done)
cross join lateral (select case when d.near_base is null then r.exposure
                                when r.near_settled then d.far_exposure
                                when r.far_settled then d.near_exposure
                                else r.exposure end as gross,
                           case when d.near_base is not null and not r.near_settled and not r.far_settled then 2 end as legs) whole
where r.netted and n.node is not null and p.part > 0;
-- +goose StatementEnd

-- +goose StatementBegin
-- The effects that the reservations add up to. They must equal netting_effect, but for those without usage.
create view recomputed_effect as
select node, client, pair, sets_reserved, sets_consumed, gross_reserved, gross_consumed, twice_reserved, twice_consumed
from (select node, client, pair, sum(used - consumed) as sets_reserved, sum(consumed) as sets_consumed
      from recomputed_netting
      cross join lateral (select netted_use(bought_done, sold_done) as consumed,
                                 greatest(netted_use(bought_done, sold_done),
                                          netted_use(deal_plus(bought_open, bought_done), sold_done),
                                          netted_use(bought_done, deal_plus(sold_open, sold_done)),
                                          netted_use(deal_plus(bought_open, bought_done), deal_plus(sold_open, sold_done))) as used) u
      group by node, client, pair) sets
join (select node, client, pair, coalesce(sum(gross) filter (where not done), 0) as gross_reserved,
             coalesce(sum(gross) filter (where done), 0) as gross_consumed, coalesce(sum(twice) filter (where not done), 0) as twice_reserved,
             coalesce(sum(twice) filter (where done), 0) as twice_consumed
      from recomputed_gross
      group by node, client, pair) gross using (node, client, pair);
-- +goose StatementEnd

-- +goose StatementBegin
-- What the deals of an agreement use, from what their netting sets use. See line.Effect, which has the formula.
create function netted_counted(sets numeric, gross numeric, twice numeric) returns numeric language sql immutable as $$
    select least(sets, greatest(gross, sets - twice))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What the reservations use on each node, for each client.
create or replace view recomputed_share as
select node, client_node, reserved, consumed from recomputed_part where not netted
union all
select node, 'client/' || client, greatest(consumed, used) - consumed, consumed
from recomputed_effect
cross join lateral (select netted_counted(sets_consumed, gross_consumed, twice_consumed) as consumed,
                           netted_counted(sets_reserved + sets_consumed, gross_reserved + gross_consumed, twice_reserved + twice_consumed) as used) u;
-- +goose StatementEnd

-- +goose StatementBegin
-- The amounts of a netted reservation, the netting sets to which it belongs, one for each of its nodes and value dates, and the effects
-- of these.
create or replace function netting_of(r reservation) returns json language sql stable as $$
    select json_build_object(
        'deal', (select to_json(d) from netted_deal d where d.id = r.id),
        'sets', (select json_agg(n) from netting_set n
                 where n.node in (r.group_node, r.desk_node, r.dealer_node, r.client_node) and n.client = substr(r.client_node, length('client/') + 1)
                   and n.pair = r.pair and n.value_date in (r.value_date, r.near_date)),
        'effects', (select json_agg(e) from netting_effect e
                    where e.node in (r.group_node, r.desk_node, r.dealer_node, r.client_node)
                      and e.client = substr(r.client_node, length('client/') + 1) and e.pair = r.pair))
$$;
-- +goose StatementEnd

-- What stands already. The lock lets no replica of the version before change a netting set meanwhile; readers go on. Reservations
-- are read, and neither rewritten nor locked.
lock table netting_set in share row exclusive mode;

-- Migration 00006 left the deals that were netted before it without amounts and without netting sets. Before it, exposures were netted.
-- An exposure is what it was as an amount at a rate of 1, so such deals offset each other as they did.
insert into netted_deal (id, base, quote, value)
select id, exposure, exposure, exposure
from reservation r
where netted and state in ('RESERVED', 'CONSUMED') and not exists (select from netted_deal d where d.id = r.id);

insert into netting_set (node, client, pair, value_date, bought_open, bought_done, sold_open, sold_done, with_effect)
select node, client, pair, value_date, bought_open, bought_done, sold_open, sold_done, true from recomputed_netting
on conflict (node, client, pair, value_date) do update
set bought_open = excluded.bought_open, bought_done = excluded.bought_done, sold_open = excluded.sold_open, sold_done = excluded.sold_done;

insert into netting_effect select * from recomputed_effect;
