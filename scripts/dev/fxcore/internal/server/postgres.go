package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/dev/fxcore/internal/process"
)

// postgresSettings is the whole postgresql.conf. Confirmed data are on disk (synchronous_commit, fsync). The rest
// suits a machine with two cores and a few GB: few long checkpoints, and no just-in-time compiler, because our
// queries are short.
const postgresSettings = `# Written at every start; changes here are lost.
listen_addresses = '127.0.0.1'
port = %d
ssl = on
ssl_cert_file = 'server.pem'
ssl_key_file = 'server.pem'
ssl_min_protocol_version = 'TLSv1.3'
unix_socket_directories = ''
max_connections = 400
shared_buffers = '256MB'
work_mem = '8MB'
fsync = on
synchronous_commit = on
wal_compression = lz4
default_toast_compression = lz4
max_wal_size = '8GB'
min_wal_size = '256MB'
checkpoint_timeout = '15min'
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off
autovacuum_naptime = '15s'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_min_duration_statement = '2s'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
`

// postgresAccess is the whole pg_hba.conf: it allows only connections from this machine, by TLS and with a password.
const postgresAccess = "# Written at every start; changes here are lost.\nhostssl all all 127.0.0.1/32 scram-sha-256\n"

type postgres struct {
	setting  Setting
	account  process.Account
	programs string // folder of initdb and postgres
	data     string
	log      string
	password string
	roles    []string
	yielding *yielding
}

// Postgres returns the database server. It has one database, fxcore, in which each role owns a schema of its own
// name. The connections of some roles yield to the others: yields says how far, as process.Lower does.
func Postgres(s Setting, roles []string, yields map[string]int) (Server, error) {
	initdb, err := newest("PostgreSQL", "/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return Server{}, err
	}
	account, err := process.ServerAccount("postgres", string(s.Folder))
	if err != nil {
		return Server{}, err
	}
	if _, err := Authority(s.Folder); err != nil {
		return Server{}, err
	}
	password, err := s.Folder.Secret("postgres")
	if err != nil {
		return Server{}, err
	}
	p := postgres{
		setting: s, account: account, programs: filepath.Dir(initdb), data: s.Folder.Data("postgres"),
		log: s.Folder.Log("postgres"), password: password, roles: roles,
		yielding: &yielding{roles: yields},
	}
	return Server{Spec: p.spec(), Prepare: p.prepare, Provision: p.provision, Renew: p.renew}, nil
}

func (p postgres) spec() process.Spec {
	return process.Spec{
		Name: "postgres", Path: filepath.Join(p.programs, "postgres"), Args: []string{"-D", p.data}, Dir: "/",
		Env: environment(p.data), Log: p.log, Account: p.account,
		Stop: syscall.SIGINT, Orphan: syscall.SIGINT, Grace: grace, // SIGINT ends its connections, then itself, cleanly
		Ready: p.probe(),
	}
}

// prepare creates the database cluster the first time, and writes its settings every time.
func (p postgres) prepare(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(p.data, "PG_VERSION")); errors.Is(err, fs.ErrNotExist) {
		if err := p.create(ctx); err != nil {
			return fmt.Errorf("create database: %w", err)
		}
	}
	if err := p.sameVersion(); err != nil {
		return err
	}
	settings := map[string]string{"postgresql.conf": fmt.Sprintf(postgresSettings, p.setting.Ports.Postgres()), "pg_hba.conf": postgresAccess}
	for name, content := range settings {
		if err := os.WriteFile(filepath.Join(p.data, name), []byte(content), 0o600); err != nil {
			return fmt.Errorf("write settings of PostgreSQL: %w", err)
		}
	}
	if err := p.account.Own(p.data); err != nil {
		return err
	}
	_, err := p.certificate().write(false)
	return err
}

func (p postgres) certificate() certificate {
	return certificate{p.setting, p.data, local("postgres"), p.account}
}

// renew has PostgreSQL read its files again by SIGHUP.
func (p postgres) renew(ctx context.Context, signal func(syscall.Signal) error, anew bool) error {
	return p.certificate().renewal(func(context.Context) error { return signal(syscall.SIGHUP) })(ctx, anew)
}

func (p postgres) create(ctx context.Context) error {
	if err := os.RemoveAll(p.data); err != nil { // an interrupted start may have left files
		return fmt.Errorf("clear data folder: %w", err)
	}
	if err := p.account.Own(p.data); err != nil {
		return err
	}
	secret := filepath.Join(p.data+".secret", "password")
	if err := os.MkdirAll(filepath.Dir(secret), 0o700); err != nil {
		return fmt.Errorf("pass on password: %w", err)
	}
	defer func() { _ = os.RemoveAll(filepath.Dir(secret)) }()
	if err := os.WriteFile(secret, []byte(p.password), 0o600); err != nil {
		return fmt.Errorf("pass on password: %w", err)
	}
	if err := p.account.Own(filepath.Dir(secret)); err != nil {
		return err
	}
	spec := p.spec()
	spec.Path = filepath.Join(p.programs, "initdb")
	spec.Args = []string{
		"--pgdata=" + p.data, "--username=postgres", "--pwfile=" + secret, "--auth=scram-sha-256", "--encoding=UTF8",
		"--locale=C", "--no-instructions", "--no-sync",
	}
	return process.Once(ctx, spec)
}

// sameVersion returns an error if the data are of another major version, which the server could not open.
func (p postgres) sameVersion() error {
	b, err := os.ReadFile(filepath.Join(p.data, "PG_VERSION"))
	if err != nil {
		return fmt.Errorf("read version of data: %w", err)
	}
	data, installed := strings.TrimSpace(string(b)), filepath.Base(filepath.Dir(p.programs))
	if data != installed {
		return fmt.Errorf("the data in %s belong to PostgreSQL %s, but %s is installed: "+
			"install postgresql-%s, or delete the data with make clean",
			p.data, data, installed, data)
	}
	return nil
}

// probe returns a check that the server answers. It keeps its connection, because each new one costs the server a
// process. Each check also has new connections yield whose roles do.
func (p postgres) probe() func(context.Context) error {
	var kept *pgx.Conn
	return func(ctx context.Context) error {
		p.yielding.apply(p.data)
		if kept != nil && kept.Ping(ctx) == nil {
			return nil
		}
		c, err := superuser(ctx, p.setting, Superuser)
		if err != nil {
			return err
		}
		kept = c
		return nil
	}
}
