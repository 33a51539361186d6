package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fxcore/scripts/dev/fxcore/internal/ports"
)

// Database is the name of the database. Each service has a schema of its own name in it.
const Database = "fxcore"

// PostgresURL returns the URL with which a role connects.
func PostgresURL(b ports.Block, role, password, database string) string {
	return fmt.Sprintf("postgres://%s:%s@%s:%d/%s?sslmode=disable", role, password, host, b.Postgres(), database)
}

// provision creates the database, and for each role a login and a schema that no other role may enter.
func (p postgres) provision(ctx context.Context) error {
	err := p.execute(ctx, "postgres", "CREATE DATABASE "+Database)
	var known *pgconn.PgError
	const duplicateDatabase = "42P04"
	if err != nil && (!errors.As(err, &known) || known.Code != duplicateDatabase) {
		return err
	}
	statements := []string{
		"REVOKE ALL ON DATABASE " + Database + " FROM PUBLIC",
		"REVOKE ALL ON SCHEMA public FROM PUBLIC",
	}
	for _, role := range p.roles {
		password, err := p.setting.Folder.Secret("postgres-" + role)
		if err != nil {
			return err
		}
		statements = append(statements, roleStatements(role, password)...)
	}
	return p.execute(ctx, Database, statements...)
}

// roleStatements returns the statements for one role. They need no quoting: role names come from the code, and
// passwords are hex.
func roleStatements(role, password string) []string {
	return []string{
		fmt.Sprintf("DO $$ BEGIN CREATE ROLE %s LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$", role),
		fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", role, password),
		fmt.Sprintf("ALTER ROLE %s SET search_path = %s", role, role),
		fmt.Sprintf("GRANT CONNECT ON DATABASE %s TO %s", Database, role),
		fmt.Sprintf("CREATE SCHEMA IF NOT EXISTS %s AUTHORIZATION %s", role, role),
	}
}

func (p postgres) execute(ctx context.Context, database string, statements ...string) error {
	c, err := pgx.Connect(ctx, PostgresURL(p.setting.Ports, "postgres", p.password, database))
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = c.Close(ctx) }()
	for _, s := range statements {
		if _, err := c.Exec(ctx, s); err != nil {
			return fmt.Errorf("prepare database: %w", err)
		}
	}
	return nil
}
