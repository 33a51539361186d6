package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// ownersFunctions is the set that every schema has: what an owner does for the program's role.
//
//go:embed migrations/*.sql
var ownersFunctions embed.FS

const (
	migrationBound = 2 * time.Minute // bounds one set, including the wait for another replica
	lockTries      = 110             // one a second, so that the lock fails before the bound is reached
)

// Migrate brings the schema up to date. Each fs.FS is one set of numbered goose files (00001_title.sql, forward only), at its
// root or in one folder. Sets are applied in the given order. Each set has its own numbers.
//
// A set's versions are kept in the table goose_<title>, with the title of its first file, which must never change. Replicas that
// start together wait for each other. The schema is the pool's search_path. If it does not exist, it is created; the role must
// be allowed to.
func Migrate(ctx context.Context, pool *pgxpool.Pool, sets ...fs.FS) error {
	schema, err := ensureSchema(ctx, pool)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() { _ = db.Close() }()
	applied := map[string]bool{}
	for _, set := range append([]fs.FS{ownersFunctions}, sets...) {
		files, table, err := locate(set)
		if err != nil {
			return fmt.Errorf("migrate %s: %w", schema, err)
		}
		if applied[table] {
			return fmt.Errorf("migrate %s: two sets begin with the same title: %s", schema, table)
		}
		applied[table] = true
		if err := apply(ctx, db, files, schema, table); err != nil {
			return fmt.Errorf("migrate %s, %s: %w", schema, table, err)
		}
	}
	if err := keepFacts(ctx, pool, sets); err != nil {
		return fmt.Errorf("migrate %s, tables of facts: %w", schema, err)
	}
	return nil
}

// ensureSchema creates the schema of the search_path if it does not exist, and returns its name.
func ensureSchema(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	if wanted := pool.Config().ConnConfig.RuntimeParams["search_path"]; wanted != "" {
		var missing bool
		row := pool.QueryRow(ctx, "select to_regnamespace(quote_ident($1)) is null", wanted)
		if err := row.Scan(&missing); err != nil {
			return "", err
		}
		if missing {
			statement := "create schema if not exists " + pgx.Identifier{wanted}.Sanitize()
			if _, err := pool.Exec(ctx, statement); err != nil {
				return "", fmt.Errorf("%s: %w", statement, err)
			}
		}
	}
	var schema *string
	if err := pool.QueryRow(ctx, "select current_schema()::text").Scan(&schema); err != nil {
		return "", err
	}
	if schema == nil {
		return "", errors.New("the role's search_path names no schema that exists")
	}
	return *schema, nil
}

// locate finds the folder with the migrations and the name of their version table.
func locate(set fs.FS) (files fs.FS, table string, err error) {
	for _, pattern := range []string{"*.sql", "*/*.sql"} {
		names, err := fs.Glob(set, pattern) // sorted, so the first is the one with the lowest number
		if err != nil {
			return nil, "", err
		}
		if len(names) == 0 {
			continue
		}
		_, title, found := strings.Cut(strings.TrimSuffix(path.Base(names[0]), ".sql"), "_")
		if !found {
			return nil, "", fmt.Errorf("%s is not named NNNNN_title.sql", names[0])
		}
		files, err = fs.Sub(set, path.Dir(names[0]))
		return files, "goose_" + title, err
	}
	return nil, "", errors.New("a set of migrations holds no .sql file")
}

func apply(ctx context.Context, db *sql.DB, files fs.FS, schema, table string) error {
	ctx, cancel := context.WithTimeout(ctx, migrationBound)
	defer cancel()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(lockID(schema, table)), lock.WithLockTimeout(1, lockTries))
	if err != nil {
		return err
	}
	versions, err := database.NewStore(database.DialectPostgres, table)
	if err != nil {
		return err
	}
	pending, err := goose.NewProvider("", db, files, goose.WithStore(versions),
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = pending.Up(ctx)
	return err
}

// lockID is the advisory lock of one set in one schema. Advisory locks are shared by the whole database, so each set needs a
// lock of its own.
func lockID(schema, table string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(schema + "." + table)) // a hash never fails
	return int64(h.Sum64())                      //nolint:gosec // any 64 bits make a lock's number
}
