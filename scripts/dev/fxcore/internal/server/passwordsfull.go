package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"

	"github.com/gocql/gocql"
)

// administrator logs in as the superuser.
func (c cassandra) administrator() (session *gocql.Session, err error) {
	err = withEither(c.setting.Folder, cassandraSecret, func(password string) (err error) {
		session, err = c.login(CassandraAdmin, password)
		return err
	})
	return session, err
}

const cassandraSecret = "cassandra"

// CassandraSecret names the secret of a role.
func CassandraSecret(role string) string {
	if role == CassandraAdmin {
		return cassandraSecret
	}
	return cassandraSecret + "-" + role
}

// ChangeCassandraPassword gives a role the password that the folder has for it. Its connections stay open.
func ChangeCassandraPassword(ctx context.Context, s Setting, role string) error {
	password, err := s.Folder.Secret(CassandraSecret(role))
	if err != nil {
		return err
	}
	session, err := cassandra{setting: s}.administrator()
	if err != nil {
		return err
	}
	defer session.Close()
	return execute(ctx, session, fmt.Sprintf("ALTER ROLE %s WITH PASSWORD = '%s'", role, password))
}

// ChangeElasticsearchPassword gives the server's user the password that the folder has. Who comes by the one before is refused from then on.
func ChangeElasticsearchPassword(ctx context.Context, s Setting) error {
	now, err := s.Folder.Secret(elasticSecret)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"password": now})
	if err != nil {
		return fmt.Errorf("encode a password: %w", err)
	}
	return withEither(s.Folder, elasticSecret, func(password string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, ElasticsearchURL(s.Ports, password)+"/_security/user/"+elasticsearchUser+"/_password", strings.NewReader(string(body)))
		if err != nil {
			return fmt.Errorf("change the password in Elasticsearch: %w", err)
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return fmt.Errorf("change the password in Elasticsearch: %w", err)
		}
		defer func() { _ = response.Body.Close() }()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("change the password in Elasticsearch: it answers %s", response.Status)
		}
		return nil
	})
}

// ChangeIcingaPassword gives the user of Icinga's interface the password that the folder has. Icinga reads it at the signal.
func ChangeIcingaPassword(ctx context.Context, s Setting, signal func(syscall.Signal) error) error {
	icinga, err := Icinga(s)
	if err != nil {
		return err
	}
	if err := icinga.Prepare(ctx); err != nil {
		return err
	}
	return signal(syscall.SIGHUP)
}
