-- +goose Up
-- A loss that is locked in counts in full beside swaps. See line.Effect, which has the formula. Before, the sets of a client's swaps could
-- hide it.

-- Which part of what the sets use is a loss that is locked in. twice_reserved and twice_consumed are no longer written.
alter table netting_effect
    add column lost_reserved numeric,
    add column lost_consumed numeric,
    alter column twice_reserved drop not null,
    alter column twice_consumed drop not null;

-- A replica of the version before does not write the loss. It is refused as if another replica had been faster, so it retries the message
-- until a new replica takes it. Other deals are not touched.
-- +goose StatementBegin
create function refuse_without_loss() returns trigger language plpgsql as $$
begin
    raise unique_violation using message = 'netting effect of ' || new.client || ': only a replica of a newer version can change it';
end
$$;
-- +goose StatementEnd
create trigger refuse_without_loss before insert on netting_effect for each row
when (new.lost_reserved is null)
execute function refuse_without_loss();

-- The views below have other columns than before, so they are made anew, and what stands on them rests meanwhile.
create or replace view recomputed_share as
select node, client_node, reserved, consumed from recomputed_part where not netted;
drop view recomputed_effect;
drop view recomputed_gross;
drop function netted_counted(numeric, numeric, numeric);

-- +goose StatementBegin
-- What a part of a netted reservation would use without the agreement. Of a swap with a settled leg only the other leg is left.
create view recomputed_gross as
select n.node, substr(r.client_node, length('client/') + 1) as client, r.pair, p.done, share_of(whole.gross, p.part, r.amount) as gross
from reservation r
join netted_deal d using (id)
cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
cross join lateral (values (open_of(r), false), (taken_of(r), r.kind = 'trade')) p (part, done)
cross join lateral (select case when d.near_base is null then r.exposure
                                when r.near_settled then d.far_exposure
                                when r.far_settled then d.near_exposure
                                else r.exposure end as gross) whole
where r.netted and n.node is not null and p.part > 0;
-- +goose StatementEnd

-- +goose StatementBegin
-- The loss that deals in both directions lock in, rounded up to cents. See lost in package line, which has the formula.
create function netted_lost(bought deal_sum, sold deal_sum) returns numeric language sql immutable as $$
    select case when bases = 0 or quotes = 0 then 0
           else (div(dividend * 100, bases * quotes) + case when mod(dividend * 100, bases * quotes) > 0 then 1 else 0 end) / 100.00 end
    from (select greatest(bought.base, sold.base) as bases, bought.quote + sold.quote as quotes,
                 greatest(0, bought.quote * sold.base - sold.quote * bought.base) * (bought.value + sold.value) as dividend) exact
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- The effects that the reservations add up to. They must equal netting_effect, but for those without usage.
create view recomputed_effect as
select node, client, pair, sets_reserved, sets_consumed, lost_reserved, lost_consumed, gross_reserved, gross_consumed
from (select node, client, pair, sum(used - consumed) as sets_reserved, sum(consumed) as sets_consumed,
             sum(may_lose - lost) as lost_reserved, sum(lost) as lost_consumed
      from recomputed_netting
      cross join lateral (select netted_use(bought_done, sold_done) as consumed,
                                 greatest(netted_use(bought_done, sold_done),
                                          netted_use(deal_plus(bought_open, bought_done), sold_done),
                                          netted_use(bought_done, deal_plus(sold_open, sold_done)),
                                          netted_use(deal_plus(bought_open, bought_done), deal_plus(sold_open, sold_done))) as used) u
      cross join lateral (select netted_lost(bought_done, sold_done) as lost,
                                 greatest(netted_lost(bought_done, sold_done),
                                          netted_lost(deal_plus(bought_open, bought_done), sold_done),
                                          netted_lost(bought_done, deal_plus(sold_open, sold_done)),
                                          netted_lost(deal_plus(bought_open, bought_done), deal_plus(sold_open, sold_done))) as may_lose) l
      group by node, client, pair) sets
join (select node, client, pair, coalesce(sum(gross) filter (where not done), 0) as gross_reserved,
             coalesce(sum(gross) filter (where done), 0) as gross_consumed
      from recomputed_gross
      group by node, client, pair) gross using (node, client, pair);
-- +goose StatementEnd

-- +goose StatementBegin
-- What the deals of an agreement use, from what their netting sets use. See line.Effect, which has the formula.
create function netted_counted(sets numeric, lost numeric, gross numeric) returns numeric language sql immutable as $$
    select least(sets, lost + gross)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What the reservations use on each node, for each client.
create or replace view recomputed_share as
select node, client_node, reserved, consumed from recomputed_part where not netted
union all
select node, 'client/' || client, used - consumed, consumed
from recomputed_effect
cross join lateral (select netted_counted(sets_consumed, lost_consumed, gross_consumed) as consumed,
                           netted_counted(sets_reserved + sets_consumed, lost_reserved + lost_consumed, gross_reserved + gross_consumed) as used) u;
-- +goose StatementEnd

-- What stands already. The lock lets no replica of the version before change an effect meanwhile; readers go on.
lock table netting_effect in share row exclusive mode;
delete from netting_effect;
insert into netting_effect (node, client, pair, sets_reserved, sets_consumed, lost_reserved, lost_consumed, gross_reserved, gross_consumed)
select node, client, pair, sets_reserved, sets_consumed, lost_reserved, lost_consumed, gross_reserved, gross_consumed from recomputed_effect;
