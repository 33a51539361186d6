package server

import (
	"context"
	_ "embed" // the settings
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
)

// ElasticsearchVersion is the version that scripts/bootstrap full brings.
const ElasticsearchVersion = "8.19.0"

// elasticsearchUser is the user that the server makes by itself, who may do everything.
const elasticsearchUser = "elastic"

const elasticSecret = "elasticsearch"

//go:embed settings/elasticsearch.yml
var elasticsearchYAML string

// ElasticsearchURL returns the URL with which clients connect.
func ElasticsearchURL(b ports.Block, password string) string {
	return fmt.Sprintf("http://%s:%s@%s:%d", elasticsearchUser, password, host, b.Elasticsearch())
}

// elasticsearch is the server that keeps log lines.
type elasticsearch struct {
	setting  Setting
	account  process.Account
	archive  string // the whole server as a zip
	password string
}

// Elasticsearch returns the server. It runs from an own copy, because it writes beside its programs, and asks access(2) whether it may,
// which does not count the capability to pass through closed folders. Errors: ErrNotFull.
func Elasticsearch(s Setting) (Server, error) {
	if _, err := java(); err != nil {
		return Server{}, err
	}
	archive, err := cached("Elasticsearch", "elasticsearch-"+ElasticsearchVersion, "lib", "elasticsearch-"+ElasticsearchVersion+".zip")
	if err != nil {
		return Server{}, err
	}
	if os.Geteuid() == 0 && !process.Open(string(s.Folder)) {
		return Server{}, fmt.Errorf("Elasticsearch does not run as root, and no other user may enter %s: %w", s.Folder, ErrNotFull)
	}
	account, err := process.ServerAccount(javaUser, string(s.Folder))
	if err != nil {
		return Server{}, err
	}
	password, err := s.Folder.Secret(elasticSecret)
	if err != nil {
		return Server{}, err
	}
	e := elasticsearch{s, account, archive, password}
	env := append(environment(e.data()), "ES_JAVA_HOME="+javaHome(), "ES_JAVA_OPTS=-Xms512m -Xmx512m", "ES_TMPDIR="+e.temporary())
	return Server{Prepare: e.prepare, Provision: nothing, Spec: process.Spec{
		Name: "elasticsearch", Path: filepath.Join(e.home(), "bin", "elasticsearch"), Dir: "/", Env: env, Log: s.Folder.Log("elasticsearch"),
		Account: account, Stop: syscall.SIGTERM, Orphan: syscall.SIGTERM, Grace: grace, Ready: e.ready,
	}}, nil
}

func (e elasticsearch) data() string { return e.setting.Folder.Data("elasticsearch") }
func (e elasticsearch) home() string {
	return filepath.Join(e.data(), "elasticsearch-"+ElasticsearchVersion)
}

// temporary is beside the programs: the server refuses to start where it could write to them.
func (e elasticsearch) temporary() string { return filepath.Join(e.data(), "tmp") }

// javaHome is the folder of the Java that runs programs by default.
func javaHome() string {
	program, err := filepath.EvalSymlinks("/usr/bin/java")
	if err != nil {
		return ""
	}
	return filepath.Dir(filepath.Dir(program))
}

// prepare unpacks the server at the first start, writes its settings, and gives all to its user.
func (e elasticsearch) prepare(ctx context.Context) error {
	if err := e.account.Own(e.temporary()); err != nil {
		return err
	}
	if err := unpack(e.archive, e.data(), e.home()); err != nil {
		return fmt.Errorf("unpack Elasticsearch: %w", err)
	}
	fill := strings.NewReplacer(
		"{folder}", e.data(), "{host}", host,
		"{port}", fmt.Sprint(e.setting.Ports.Elasticsearch()), "{transport}", fmt.Sprint(e.setting.Ports.ElasticsearchTransport()),
	)
	settings := filepath.Join(e.home(), "config", "elasticsearch.yml")
	if err := os.WriteFile(settings, []byte(fill.Replace(elasticsearchYAML)), 0o600); err != nil {
		return fmt.Errorf("write settings of Elasticsearch: %w", err)
	}
	if err := e.keep(ctx); err != nil {
		return err
	}
	return e.account.Own(e.data())
}

// keep writes the first password of the superuser into the server's keystore, once. A keystore whose making was interrupted lacks it, and
// is made anew.
func (e elasticsearch) keep(ctx context.Context) error {
	keystore, kept := filepath.Join(e.home(), "config", "elasticsearch.keystore"), filepath.Join(e.data(), "password-kept")
	if _, err := os.Stat(kept); err == nil {
		return nil
	}
	if err := os.Remove(keystore); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("keep the password of Elasticsearch: %w", err)
	}
	for _, args := range [][]string{{"create", "--silent"}, {"add", "--silent", "--stdin", "bootstrap.password"}} {
		cmd := exec.CommandContext(ctx, filepath.Join(e.home(), "bin", "elasticsearch-keystore"), args...) //nolint:gosec // the server's own tool
		cmd.Env = append(environment(e.data()), "ES_JAVA_HOME="+javaHome())
		cmd.Stdin = strings.NewReader(e.password + "\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("keep the password of Elasticsearch: %w: %s", err, out)
		}
	}
	return os.WriteFile(kept, nil, 0o600)
}

// ready asks for the health of the server's data. It returns nil once all that there is can be read and written.
func (e elasticsearch) ready(ctx context.Context) error {
	return withEither(e.setting.Folder, elasticSecret, func(password string) error {
		return askHTTP(ctx, http.DefaultClient, "Elasticsearch", ElasticsearchURL(e.setting.Ports, password)+"/_cluster/health?wait_for_status=yellow&timeout=1s")
	})
}
