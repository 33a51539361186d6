-- +goose Up
-- The view of the audit's chain, which is number 16 of the journal. A row for each record. It follows from the record's payload.
create table audit (
    seq     bigint primary key, -- of the record in the chain
    at      timestamptz not null,
    what    text collate "C" not null,
    outcome text not null,
    who     text collate "C" not null,
    address text collate "C" not null,
    about   text not null,
    why     text not null,
    count   integer not null,
    since   timestamptz,
    source  text not null,
    id      text not null
);
create index audit_at on audit (at);
create index audit_what on audit (what, seq);
create index audit_who on audit (who, seq);
create index audit_address on audit (address, seq) where address <> '';

-- The audit has a retention of its own: the journal's does not touch it. The program's role forgets nothing of the audit that is younger
-- than a year.
-- +goose StatementBegin
create or replace function forget_journal(before integer) returns void language plpgsql security definer set search_path from current as $$
begin
    if session_user <> current_user then
        before := least(before, (current_date - date '1970-01-01') - 30);
    end if;
    delete from part where chain < 16 and day < before and last_seq is not null;
    delete from journal j where chain < 16 and day < before and not exists (select from part p where p.chain = j.chain and p.day = j.day);
end
$$;

create function forget_audit(before integer) returns void language plpgsql security definer set search_path from current as $$
begin
    if session_user <> current_user then
        before := least(before, (current_date - date '1970-01-01') - 365);
    end if;
    delete from part where chain = 16 and day < before and last_seq is not null;
    delete from audit a using journal j where j.chain = 16 and j.seq = a.seq and j.day < before
        and not exists (select from part p where p.chain = 16 and p.day = j.day);
    delete from journal j where chain = 16 and day < before and not exists (select from part p where p.chain = 16 and p.day = j.day);
end
$$;
-- +goose StatementEnd
