package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"fxcore/scripts/dev/fxcore/internal/ports"
)

// Database is the name of the database. Each service has a schema of its own name in it.
const Database = "fxcore"

// PostgresURL returns the URL with which a role connects.
func PostgresURL(b ports.Block, role, password, database string) string {
	return fmt.Sprintf("postgres://%s:%s@%s:%d/%s?sslmode=verify-full", role, password, host, b.Postgres(), database)
}

// OwnerOf returns the role that owns a program's schema.
func OwnerOf(role string) string { return role + "_owner" }

// The connections of a program's role, all replicas and commands together, and of an owner, who only prepares the schema.
const (
	programConnections = 60
	ownerConnections   = 4
)

// Observer is who looks at the servers and changes nothing: make status, the oracle and the tests. It reads every table, the error queues
// and all sets, and how long each queue is. No program has its passwords.
const Observer = "observer"

// observerStatements return the statements for the observer's role. It reads the tables of the programs' schemas, those to come as well, and
// not, as pg_read_all_data would, the catalog of passwords.
func (p postgres) observerStatements(password string) []string {
	statements := append(loginStatements(Observer, password, "pg_catalog", programConnections),
		"ALTER ROLE "+Observer+" SET default_transaction_read_only = on",
	)
	for _, role := range p.roles {
		statements = append(statements,
			fmt.Sprintf("GRANT USAGE ON SCHEMA %s TO %s", role, Observer),
			fmt.Sprintf("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s", role, Observer),
			fmt.Sprintf("ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA %s GRANT SELECT ON TABLES TO %s", OwnerOf(role), role, Observer),
		)
	}
	return statements
}

// provision creates the database, and for each role a login, a schema that no other role may enter, and the schema's owner.
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
		owners, err := p.setting.Folder.Secret("postgres-" + OwnerOf(role))
		if err != nil {
			return err
		}
		statements = append(statements, loginStatements(OwnerOf(role), owners, role, ownerConnections)...)
		statements = append(statements, loginStatements(role, password, role, programConnections)...)
		statements = append(statements, ownStatements(role)...)
	}
	if len(p.roles) > 0 { // tests make databases of their own
		password, err := p.setting.Folder.Secret("postgres-" + Observer)
		if err != nil {
			return err
		}
		statements = append(statements, p.observerStatements(password)...)
		statements = append(statements, "REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC")
	}
	return p.execute(ctx, Database, statements...)
}

// loginStatements returns the statements for one role. They need no quoting: role names come from the code, and
// passwords are hex.
func loginStatements(role, password, schema string, connections int) []string {
	return []string{
		fmt.Sprintf("DO $$ BEGIN CREATE ROLE %s LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$", role),
		fmt.Sprintf("ALTER ROLE %s PASSWORD '%s' CONNECTION LIMIT %d", role, password, connections),
		fmt.Sprintf("ALTER ROLE %s SET search_path = %s", role, schema),
		fmt.Sprintf("GRANT CONNECT ON DATABASE %s TO %s", Database, role),
	}
}

// ownStatements returns the statements that make a role's schema and give it to its owner, with what the role made itself under an
// earlier release.
func ownStatements(role string) []string {
	owner := OwnerOf(role)
	return []string{
		fmt.Sprintf("CREATE SCHEMA IF NOT EXISTS %s AUTHORIZATION %s", role, owner),
		fmt.Sprintf("REASSIGN OWNED BY %s TO %s", role, owner),
		fmt.Sprintf("GRANT USAGE ON SCHEMA %s TO %s", role, role),
	}
}

func (p postgres) execute(ctx context.Context, database string, statements ...string) error {
	c, err := superuser(ctx, p.setting, database)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	for _, s := range statements {
		if _, err := c.Exec(ctx, s); err != nil {
			return fmt.Errorf("prepare database: %w", err)
		}
	}
	return nil
}
