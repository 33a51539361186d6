package server

import (
	"context"
	_ "embed" // the settings
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
)

// CassandraVersion is the version that scripts/bootstrap full brings.
const CassandraVersion = "5.0.5"

//go:embed settings/cassandra.yaml
var cassandraYAML string

//go:embed settings/logback.xml
var logback string

//go:embed settings/cassandra.options
var cassandraOptions string

// CassandraHosts returns the address with which clients connect.
func CassandraHosts(b ports.Block) string { return fmt.Sprintf("%s:%d", host, b.Cassandra()) }

// cassandra is the server that keeps the journal and the spans.
type cassandra struct {
	setting  Setting
	password string   // of the superuser
	roles    []string // each gets a keyspace of its name
}

// Cassandra returns the server. Each role gets a keyspace of its name, in which it may do everything. Errors: ErrNotFull.
func Cassandra(s Setting, roles []string) (Server, error) {
	program, err := java()
	if err != nil {
		return Server{}, err
	}
	jars, err := cached("Cassandra", "cassandra-"+CassandraVersion, "lib")
	if err != nil {
		return Server{}, err
	}
	account, err := javaAccount(s, jars)
	if err != nil {
		return Server{}, err
	}
	password, err := s.Folder.Secret("cassandra")
	if err != nil {
		return Server{}, err
	}
	c := cassandra{s, password, roles}
	prepare := func(context.Context) error {
		if err := account.Own(c.data()); err != nil {
			return err
		}
		if err := c.write(); err != nil {
			return err
		}
		return account.Own(c.data())
	}
	return Server{Prepare: prepare, Provision: c.provision, Spec: process.Spec{
		Name: "cassandra", Path: program, Args: c.arguments(jars), Dir: "/", Env: environment(c.data()), Log: s.Folder.Log("cassandra"),
		Account: account, Stop: syscall.SIGTERM, Orphan: syscall.SIGTERM, Grace: grace,
		Ready: func(ctx context.Context) error { return askCassandra(ctx, s.Ports.Cassandra()) },
	}}, nil
}

func (c cassandra) data() string { return c.setting.Folder.Data("cassandra") }

// write writes the settings, at every start.
func (c cassandra) write() error {
	fill := strings.NewReplacer(
		"{folder}", c.data(), "{host}", host,
		"{port}", fmt.Sprint(c.setting.Ports.Cassandra()), "{storage}", fmt.Sprint(c.setting.Ports.CassandraStorage()),
	)
	for name, content := range map[string]string{"cassandra.yaml": fill.Replace(cassandraYAML), "logback.xml": logback} {
		if err := os.WriteFile(filepath.Join(c.data(), name), []byte(content), 0o600); err != nil {
			return fmt.Errorf("write settings of Cassandra: %w", err)
		}
	}
	return nil
}

// arguments returns what Java needs to run the server.
func (c cassandra) arguments(jars string) []string {
	args := []string{
		"-javaagent:" + filepath.Join(jars, "jamm-0.4.0.jar"),
		"-Dcassandra.config=file://" + filepath.Join(c.data(), "cassandra.yaml"), "-Dcassandra.storagedir=" + c.data(),
		"-Dlogback.configurationFile=" + filepath.Join(c.data(), "logback.xml"), "-Djava.io.tmpdir=" + c.data(),
		"-Djna.tmpdir=" + c.data(),
	}
	for line := range strings.Lines(cassandraOptions) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			args = append(args, line)
		}
	}
	return append(args, "-cp", filepath.Join(jars, "*"), "org.apache.cassandra.service.CassandraDaemon")
}
