//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gocql/gocql"
	amqp "github.com/rabbitmq/amqp091-go"

	fxamqp "fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// stores are where a full start keeps what on-call sees. Other starts keep it in PostgreSQL.
func (c *core) stores(t *testing.T, s *search) {
	t.Helper()
	if c.urls["elasticsearch"] == "" {
		t.Log("left out: Cassandra and Elasticsearch, which only a full start has (FULL=1)")
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	c.indices(ctx, t, s)
	c.keyspaces(ctx, t, s)
}

// plant logs a text that is no secret, as a program does, and waits until it is found. The search must find it in the store of lines, too.
func (c *core) plant(t *testing.T, text string) {
	t.Helper()
	conn, err := amqp.Dial(c.urls["admin_amqp"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Appendf(nil, `{"log.level":"info","message":"the search finds what is planted: %s"}`, text)
	if err := ch.PublishWithContext(t.Context(), fxamqp.LogQueue, "", false, false, amqp.Publishing{
		DeliveryMode: amqp.Persistent, MessageId: "planted/1/1/1", Timestamp: time.Now(), Body: body,
	}); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "the planted line", time.Minute, func() error {
		if said, err := c.tryFxctl(t, 0, "logs", "--json", "--q", text); err != nil || !strings.Contains(said, text) {
			return fmt.Errorf("%s: %w", said, err)
		}
		return nil
	})
}

// indices reads all documents of all indices of Elasticsearch, and the names of their fields. Before, it has all of it written to the files.
func (c *core) indices(ctx context.Context, t *testing.T, s *search) {
	t.Helper()
	c.elastic(ctx, t, http.MethodPost, "/_all/_flush?force=true&expand_wildcards=all", nil)
	var all []struct{ Index string }
	if err := json.Unmarshal(c.elastic(ctx, t, http.MethodGet, "/_cat/indices?format=json&expand_wildcards=all", nil), &all); err != nil || len(all) == 0 {
		t.Fatalf("the list of indices: %v, %v", all, err)
	}
	for _, one := range all {
		s.tables++
		s.in("index "+one.Index, c.elastic(ctx, t, http.MethodGet, "/"+one.Index, nil)) // names of fields
		c.documents(ctx, t, s, one.Index)
	}
}

// documents reads all documents of an index as they are at one moment.
func (c *core) documents(ctx context.Context, t *testing.T, s *search, index string) {
	t.Helper()
	const keep = "2m" // until the next page
	answer := c.elastic(ctx, t, http.MethodPost, "/"+index+"/_search?scroll="+keep, map[string]any{"size": 1000, "sort": []any{"_doc"}})
	for {
		var page struct {
			Scroll string `json:"_scroll_id"`
			Hits   struct{ Hits []json.RawMessage }
		}
		if err := json.Unmarshal(answer, &page); err != nil {
			t.Fatal(err)
		}
		if len(page.Hits.Hits) == 0 {
			return
		}
		s.in("index "+index, answer)
		answer = c.elastic(ctx, t, http.MethodPost, "/_search/scroll", map[string]any{"scroll": keep, "scroll_id": page.Scroll})
	}
}

func (c *core) elastic(ctx context.Context, t *testing.T, method, path string, body any) []byte {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if body == nil {
		text = nil
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.urls["elasticsearch"], "/")+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s, %v", method, path, response.Status, answer, err)
	}
	return answer
}

// keyspaces reads all rows of all tables of Cassandra, its own ones included.
func (c *core) keyspaces(ctx context.Context, t *testing.T, s *search) {
	t.Helper()
	u, err := url.Parse(c.urls["cassandra"])
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	cluster := gocql.NewCluster(u.Host)
	cluster.Authenticator = gocql.PasswordAuthenticator{Username: u.User.Username(), Password: password}
	cluster.Consistency = gocql.One // some keyspaces of the server's own want more copies than one server can have
	cluster.Timeout, cluster.ConnectTimeout = time.Minute, time.Minute
	session, err := cluster.CreateSession()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var keyspace, table string
	tables := map[string]string{} // by how people name it, how a query does: some have capital letters
	rows := session.Query("SELECT keyspace_name, table_name FROM system_schema.tables").WithContext(ctx).Iter()
	for rows.Scan(&keyspace, &table) {
		tables[keyspace+"."+table] = fmt.Sprintf("%q.%q", keyspace, table)
	}
	if err := rows.Close(); err != nil || len(tables) == 0 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		s.tables++
		var row string
		rows := session.Query("SELECT JSON * FROM " + tables[name]).WithContext(ctx).PageSize(500).Iter()
		for rows.Scan(&row) {
			s.in("Cassandra's table "+name, []byte(row))
		}
		if err := rows.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// foundEverywhere holds that the search has seen what is known to be there in each kind of place: a search that finds nothing proves nothing.
func (c *core) foundEverywhere(t *testing.T, s *search) {
	t.Helper()
	kinds := []string{"table trading.", "file data/postgres", "file data/rabbitmq", "answer to /v1/logs"}
	if c.urls["elasticsearch"] == "" {
		kinds = append(kinds, "table logging.line", "table tracing.")
	} else {
		kinds = append(kinds, "index fxcore-logs", "file data/elasticsearch", "Cassandra's table tracing.", "file data/cassandra")
	}
	var failed []error
	for _, kind := range kinds {
		seen := 0
		for where, n := range s.where {
			if strings.HasPrefix(where, kind) {
				seen += n
			}
		}
		t.Logf("what is known to be there was seen %d times in: %s", seen, kind)
		if seen == 0 {
			failed = append(failed, fmt.Errorf("the search finds nothing that is known to be there in: %s", kind))
		}
	}
	if err := errors.Join(failed...); err != nil {
		t.Error(err)
	}
}
