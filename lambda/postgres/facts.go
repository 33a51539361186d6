package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// factsFile stands beside the folder of a set's migrations and decides about each table. A line names a table of facts, or a table that the
// program rewrites as it works, and why it may:
//
//	trade update(status, desk) forget(at, 24 hours)
//	node_usage rewritten: sums, which can be made anew
//
// Rows of a table of facts are inserted, and the program can neither change nor delete them, except the columns that the line names, and
// rows whose column at is older than the interval, see [ForgetFacts]. A table of which no line tells can only be read.
const factsFile = "facts.txt"

// fact is a table of facts.
type fact struct {
	name      string
	changing  []string // columns
	forgotten string   // the column that tells a row's age; empty: rows stay
	kept      string   // the interval
}

var roleName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

var rewrittenPattern = regexp.MustCompile(`^([a-z_]+) rewritten: \S.*$`)

var factPattern = regexp.MustCompile(`^([a-z_]+)(?: update\(([a-z_, ]+)\))?(?: forget\(([a-z_]+), ([0-9a-z ]+)\))?$`)

// factsOf reads a set's tables of facts, and the names of those that the program rewrites.
func factsOf(set fs.FS) (facts []fact, rewritten []string, err error) {
	text, err := fs.ReadFile(set, factsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if free := rewrittenPattern.FindStringSubmatch(line); free != nil {
			rewritten = append(rewritten, free[1])
			continue
		}
		parts := factPattern.FindStringSubmatch(line)
		if parts == nil {
			return nil, nil, fmt.Errorf("%s: %q names no table of facts", factsFile, line)
		}
		f := fact{name: parts[1], forgotten: parts[3], kept: parts[4]}
		if parts[2] != "" {
			f.changing = strings.Split(strings.ReplaceAll(parts[2], " ", ""), ",")
		}
		facts = append(facts, f)
	}
	return facts, rewritten, nil
}

// keepFacts writes the tables of facts where the owner's functions look for them. Only the owner may.
func keepFacts(ctx context.Context, pool *pgxpool.Pool, sets []fs.FS) error {
	var owner bool
	if err := pool.QueryRow(ctx, "select has_table_privilege('fact', 'insert')").Scan(&owner); err != nil || !owner {
		return err
	}
	b := &pgx.Batch{}
	for _, set := range sets {
		facts, _, err := factsOf(set)
		if err != nil {
			return err
		}
		for _, f := range facts {
			kept := f.kept
			if kept == "" {
				kept = "1 day"
			}
			b.Queue(`insert into fact (name, changing, forgotten, kept) values ($1, coalesce($2, '{}'::text[]), $3, $4::text::interval)
				on conflict (name) do update set changing = excluded.changing, forgotten = excluded.forgotten, kept = excluded.kept`,
				f.name, f.changing, f.forgotten, kept)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return pool.SendBatch(ctx, b).Close()
}

// Prepare brings the schema up to date as its owner, as [Migrate] does, and then gives the program's role what it needs there, and no
// more: it reads every table, inserts into tables of facts, and rewrites those of which the sets say so. It owns nothing, so it can neither change nor
// empty a table, nor switch a trigger off. What only an owner can do, and a program needs, the owner's functions do.
func Prepare(ctx context.Context, pool *pgxpool.Pool, role string, sets ...fs.FS) error {
	if !roleName.MatchString(role) {
		return fmt.Errorf("prepare: %q is no name of a role", role)
	}
	if err := Migrate(ctx, pool, sets...); err != nil {
		return err
	}
	var free []string
	for _, set := range sets {
		_, rewritten, err := factsOf(set)
		if err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
		free = append(free, rewritten...)
	}
	// A do block takes no argument. Names have no quotes, see rewrittenPattern.
	statement := strings.NewReplacer("$1", "'"+role+"'", "$2", "'{"+strings.Join(free, ",")+"}'").Replace(grants)
	if _, err := pool.Exec(ctx, statement); err != nil {
		return fmt.Errorf("give %s its rights: %w", role, err)
	}
	return nil
}

// grants is one transaction, so a program that runs never lacks a right between two statements. Nobody but the role may call a function
// that runs with the owner's rights, not even who may enter every schema to read. Any other function does what its caller may, and views
// need it. Partitions get no rights of their own: the table that they are part of gives them.
const grants = `do $do$
declare
    role text := $1;
    rewritten text[] := $2;
    t record;
    told fact;
begin
    execute format('revoke all on schema %I from public', current_schema());
    execute format('grant usage on schema %I to %I', current_schema(), role);
    execute format('revoke all on all tables in schema %I from %I', current_schema(), role);
    for t in select p.oid::regprocedure::text as name, null as kind from pg_proc p
        where p.pronamespace = current_schema()::regnamespace and p.prosecdef
    loop
        execute format('revoke all on function %s from public', t.name);
        execute format('grant execute on function %s to %I', t.name, role);
    end loop;
    for t in select c.relname::text as name, c.relkind as kind from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v')
          and not exists (select from pg_inherits i where i.inhrelid = c.oid)
    loop
        execute format('grant select on %I to %I', t.name, role);
        select * into told from fact where name = t.name;
        if t.kind = 'v' or t.name = 'fact' or t.name like 'goose\_%' then
            continue;
        elsif t.name = any (rewritten) then
            execute format('grant insert, update, delete on %I to %I', t.name, role);
            continue;
        elsif not found then
            continue;
        end if;
        execute format('grant insert on %I to %I', t.name, role);
        if told.changing <> '{}' then
            execute format('grant update (%s) on %I to %I', (select string_agg(quote_ident(c), ', ') from unnest(told.changing) c), t.name, role);
        end if;
    end loop;
end
$do$`
